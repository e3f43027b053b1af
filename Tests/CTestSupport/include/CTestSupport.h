// Counts the calls of malloc and its kin, so that a test can show that a loop allocates nothing.
#ifndef CTEST_SUPPORT_H
#define CTEST_SUPPORT_H

#include <stdint.h>

/// Allocations of all threads so far; -1 where a sanitizer has replaced malloc, which then cannot be counted.
int64_t allocation_count_of_process(void);

/// Allocations of the calling thread so far; -1 as above.
int64_t allocation_count_of_thread(void);

#endif
