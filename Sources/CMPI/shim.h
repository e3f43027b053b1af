#ifndef MINIM_MPI_SHIM_H
#define MINIM_MPI_SHIM_H
#include <mpi.h>

// MPI's handles are macros that Swift does not see. An error of MPI ends all processes: that is its default.

// Joins the processes that the launcher has started.
static inline void minim_mpi_join(void) {
  int provided;
  MPI_Init_thread(0, 0, MPI_THREAD_SERIALIZED, &provided);
}

static inline int minim_mpi_rank(void) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int minim_mpi_size(void) {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

static inline void minim_mpi_broadcast(void *block, int count, int root) {
  MPI_Bcast(block, count, MPI_BYTE, root, MPI_COMM_WORLD);
}

// A message on its way.
typedef struct { MPI_Request request; } minim_mpi_message;

// Begins to send or to receive a block. It may not be touched until minim_mpi_wait.
static inline minim_mpi_message minim_mpi_post(void *block, int count, int process, int is_sent) {
  minim_mpi_message message;
  if (is_sent) MPI_Isend(block, count, MPI_BYTE, process, 0, MPI_COMM_WORLD, &message.request);
  else MPI_Irecv(block, count, MPI_BYTE, process, 0, MPI_COMM_WORLD, &message.request);
  return message;
}

static inline void minim_mpi_wait(minim_mpi_message *message) { MPI_Wait(&message->request, MPI_STATUS_IGNORE); }

static inline void minim_mpi_leave(void) { MPI_Finalize(); }

static inline void minim_mpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

#endif
