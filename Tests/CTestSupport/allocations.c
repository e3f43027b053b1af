#include "CTestSupport.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(SANITIZED) || !defined(__GLIBC__)

int64_t allocation_count_of_process(void) { return -1; }
int64_t allocation_count_of_thread(void) { return -1; }

#else

// A program's own malloc replaces the C library's for all its libraries; glibc keeps its own under these names.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Atomic int64_t all;
static _Thread_local int64_t own;

static void count(void) {
  atomic_fetch_add_explicit(&all, 1, memory_order_relaxed);
  own++;
}

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t count_of_elements, size_t size) {
  count();
  return __libc_calloc(count_of_elements, size);
}

void *realloc(void *memory, size_t size) {
  count();
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  void *result = memalign(alignment, size);
  if (!result) return ENOMEM;
  *memory = result;
  return 0;
}

int64_t allocation_count_of_process(void) { return atomic_load_explicit(&all, memory_order_relaxed); }
int64_t allocation_count_of_thread(void) { return own; }

#endif
