#include "CTestSupport.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  const traced_program *program;
  int64_t call;
  traced_end end;
} job;

/// Becomes the program, traced by the thread that forked. Between fork and exec only what is safe in a signal handler.
static void become(const traced_program *program) {
  int null = open("/dev/null", O_RDWR);
  if (chdir(program->folder) != 0 || null < 0) _exit(126);
  for (int stream = 0; stream < 3; stream++) dup2(null, stream);
  if (null > 2) close(null);
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(126);
  raise(SIGSTOP);
  execve(program->arguments[0], program->arguments, program->environment);
  _exit(127);
}

/// Whether a call can change a file. Calls for the three standard streams are not counted: they change no file of a run.
static bool changes_files(const struct __ptrace_syscall_info *call) {
  const uint64_t *arguments = call->entry.args;
  switch (call->entry.nr) {
#ifdef SYS_open
  case SYS_open: return arguments[1] & O_CREAT;
  case SYS_rename:
  case SYS_mkdir:
  case SYS_rmdir:
  case SYS_unlink:
  case SYS_symlink: return true;
#endif
  case SYS_openat: return arguments[2] & O_CREAT;
  case SYS_write:
  case SYS_pwrite64:
  case SYS_writev: return arguments[0] > 2;
  case SYS_fsync:
  case SYS_fdatasync:
  case SYS_ftruncate:
#ifdef SYS_renameat
  case SYS_renameat:
#endif
  case SYS_renameat2:
  case SYS_mkdirat:
  case SYS_unlinkat:
  case SYS_symlinkat: return true;
  default: return false;
  }
}

/// Whether a thread stopped at the entry of a call that changes files.
static bool enters(pid_t thread) {
  struct __ptrace_syscall_info call;
  long size = ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof call, &call);
  return size > 0 && call.op == PTRACE_SYSCALL_INFO_ENTRY && changes_files(&call);
}

/// The most memory that a process has had in RAM, in KiB. What a system reports of a child that has ended counts the memory
/// of its parent from before exec.
static int64_t peak(pid_t process) {
  char name[64], line[256];
  snprintf(name, sizeof name, "/proc/%d/status", process);
  FILE *file = fopen(name, "re");
  long long peak = 0;
  while (file && fgets(line, sizeof line, file)) {
    if (sscanf(line, "VmHWM: %lld", &peak) == 1) break;
  }
  if (file) fclose(file);
  return peak;
}

/// Lets a stopped thread go on to its next call, with the signal that it was stopped for, if any.
static void proceed(pid_t thread, int status) {
  int stop = WSTOPSIG(status);
  bool isEvent = stop == (SIGTRAP | 0x80) || stop == SIGSTOP || status >> 16 != 0;
  ptrace(PTRACE_SYSCALL, thread, 0, isEvent ? 0 : stop);
}

static void follow(job *job, pid_t child) {
  int status;
  // Children of this thread only: other tests wait for theirs.
  const int own = __WALL | __WNOTHREAD;
  while (waitpid(child, &status, own) < 0 && errno == EINTR) continue;
  if (!WIFSTOPPED(status)) {
    job->end.error = EPERM;
    return;
  }
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
                 PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SETOPTIONS, child, 0, options) != 0) {
    job->end.error = errno;
    kill(child, SIGKILL);
    waitpid(child, &status, own);
    return;
  }
  ptrace(PTRACE_SYSCALL, child, 0, 0);
  while (true) {
    pid_t thread = waitpid(-1, &status, own);
    if (thread < 0 && errno == EINTR) continue;
    if (thread < 0) break;
    if (!WIFSTOPPED(status)) {
      if (thread == child) job->end.status = status;
      continue;
    }
    if (WSTOPSIG(status) == (SIGTRAP | 0x80) && enters(thread) && job->end.calls++ == job->call) {
      // A thread that is killed where it enters a call does not make the call.
      kill(child, SIGKILL);
      continue;
    }
    if (thread == child && status >> 16 == PTRACE_EVENT_EXIT) job->end.peak = peak(child);
    proceed(thread, status);
  }
}

static void *run(void *context) {
  job *job = context;
  pid_t child = fork();
  if (child == 0) become(job->program);
  if (child < 0) {
    job->end.error = errno;
  } else {
    follow(job, child);
  }
  return NULL;
}

traced_end run_until_call(const traced_program *program, int64_t call) {
  job job = {program, call, {0, 0, 0, 0}};
  pthread_t thread;
  // A thread of its own has no other children.
  int error = pthread_create(&thread, NULL, run, &job);
  if (error != 0) {
    job.end.error = error;
  } else {
    pthread_join(thread, NULL);
  }
  return job.end;
}
