import Glibc
import MinimTraining
import Testing

/// Which file systems several machines share.
@Suite struct LockKindTests {
  private static let list = """
    22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
    36 22 0:32 / /home rw,relatime shared:5 master:1 - nfs4 server:/home rw,vers=4.2
    37 22 0:300 / /scratch rw - lustre 10.0.0.1@tcp:/work rw,noflock
    38 22 259:1048575 / /data rw - xfs /dev/nvme0n1 rw
    39 22 0:40 / /odd - - - fuse.sshfs me@host: rw
    40 22 broken
    """

  @Test("the device of a folder finds its file system, however large its numbers are") func kinds() {
    func device(_ major: UInt, _ minor: UInt) -> dev_t {
      (major & 0xfff) << 8 | (major & ~0xfff) << 32 | minor & 0xff | (minor & ~0xff) << 12
    }
    for (major, minor, kind) in [
      (8, 1, "ext4"), (0, 32, "nfs4"), (0, 300, "lustre"), (259, 1_048_575, "xfs"), (0, 40, "fuse.sshfs"), (9, 9, nil),
    ] as [(UInt, UInt, String?)] {
      #expect(LockKind.kind(of: device(major, minor), in: Self.list) == kind)
    }
  }

  @Test("a folder that is not there, and the process's own files, are nobody else's") func local() {
    #expect(!LockKind.isShared("/no/such/folder") && !LockKind.isShared("/proc"))
  }
}
