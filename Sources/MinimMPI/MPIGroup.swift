#if MPI
  import CMPI
  import MinimSystem
  import MinimParallel

  /// The processes of `MPI_COMM_WORLD`, of which each owns a part of the shards.
  ///
  /// Sums are made by `ShardSum` and only brought from one process to the others here: `MPI_Allreduce` promises no order, and so
  /// no bits.
  struct MPIGroup: LaunchedGroup {
    let ownership: ShardOwnership

    /// The most bytes of a message: counts are `int` in MPI.
    private static let most = 1 << 30

    /// Joins the others; nil if this process is the only one.
    static func join() -> MPIGroup? {
      minim_mpi_join()
      let group = MPIGroup(ownership: ShardOwnership(owner: Int(minim_mpi_rank()), of: Int(minim_mpi_size())))
      if group.ownership.owners > 1 { return group }
      group.leave()
      return nil
    }

    func spread(_ block: UnsafeMutableRawPointer, byteCount: Int, from owner: Int) {
      for start in stride(from: 0, to: byteCount, by: Self.most) {
        minim_mpi_broadcast(block + start, Int32(min(Self.most, byteCount - start)), Int32(owner))
      }
    }

    func exchange(_ messages: UnsafeBufferPointer<GroupMessage>) {
      let pieces = messages.reduce(0) { $0 + ($1.byteCount + Self.most - 1) / Self.most }
      withUnsafeTemporaryAllocation(of: minim_mpi_message.self, capacity: pieces) { handles in
        var count = 0
        for message in messages {
          for start in stride(from: 0, to: message.byteCount, by: Self.most) {
            let bytes = Int32(min(Self.most, message.byteCount - start))
            let handle = minim_mpi_post(message.block + start, bytes, Int32(message.process), message.isSent ? 1 : 0)
            handles.initializeElement(at: count, to: handle)
            count += 1
          }
        }
        for index in 0..<count { minim_mpi_wait(&handles[index]) }
      }
    }

    func leave() { minim_mpi_leave() }

    func abort(_ code: Int32) -> Never {
      minim_mpi_abort(code)
      _exit(code)
    }
  }
#endif
