// What tests need of the C library and the system that Swift does not offer.
#ifndef CTEST_SUPPORT_H
#define CTEST_SUPPORT_H

#include <stdint.h>

/// Allocations of all threads so far; -1 where a sanitizer has replaced malloc, which then cannot be counted.
int64_t allocation_count_of_process(void);

/// Allocations of the calling thread so far; -1 as above.
int64_t allocation_count_of_thread(void);

/// A program to run: its path and arguments, and its environment, both with a null pointer at the end; and its folder.
typedef struct {
  char *const *arguments;
  char *const *environment;
  const char *folder;
} traced_program;

/// The end of a traced program.
typedef struct {
  /// How often it called the system to change a file.
  int64_t calls;
  /// The most memory that it had in RAM, in KiB.
  int64_t peak;
  /// Its status, as waitpid reports it.
  int status;
  /// 0, or why it could not be run and traced, as an error number.
  int error;
} traced_end;

/// Runs a program to its end, or kills it (SIGKILL) where it is about to make a certain call that changes a file: all that
/// came before has happened, the call has not. Its streams are /dev/null.
///
/// - call: the number of this call, from 0; -1 for none.
traced_end run_until_call(const traced_program *program, int64_t call);

#endif
