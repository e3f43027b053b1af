import MinimParallel
import Testing

@Suite struct CPULimitsTests {
  @Test(
    arguments: [
      ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000\n", 2), ("50000 100000\n", 1), ("1000 100000", 1),
      ("100001 100000", 2), ("400000 50000", 8), ("", nil), ("100000", nil), ("-1 100000", nil), ("100000 0", nil),
      ("9223372036854775807 1", Int.max),
    ] as [(String, Int?)])
  func quotaOfVersion2(text: String, cpus: Int?) {
    #expect(CPULimits.quota(cpuMax: text) == cpus)
  }

  @Test(
    arguments: [
      ("-1\n", "100000\n", nil), ("250000\n", "100000\n", 3), ("100000\n", "100000\n", 1), ("", "", nil),
      ("100000", "none", nil),
    ] as [(String, String, Int?)])
  func quotaOfVersion1(quota: String, period: String, cpus: Int?) {
    #expect(CPULimits.quota(microseconds: quota, period: period) == cpus)
  }

  @Test func foldersOfVersion2() {
    #expect(
      CPULimits.folders(ofMembership: "0::/a/b.slice\n")
        == ["/sys/fs/cgroup", "/sys/fs/cgroup/a", "/sys/fs/cgroup/a/b.slice"])
    #expect(CPULimits.folders(ofMembership: "0::/\n") == ["/sys/fs/cgroup"])
  }

  @Test func foldersOfVersion1() {
    let text = "9:name=systemd:/x:y\n4:memory:/m\n3:cpuset:/s\n2:cpu,cpuacct:/docker/f00\n"
    #expect(
      CPULimits.folders(ofMembership: text)
        == ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu/docker", "/sys/fs/cgroup/cpu/docker/f00"])
    #expect(CPULimits.folders(ofMembership: "") == [])
    #expect(CPULimits.folders(ofMembership: "no fields\n") == [])
  }

  @Test(
    arguments: [
      ("Name:\tminim\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2), ("Cpus_allowed:\tff,00000005\n", 10),
      ("Cpus_allowed:\tFf\n", 8), ("Cpus_allowed_list:\t0-1\n", nil), ("Cpus_allowed:\t0\n", nil), ("", nil),
    ] as [(String, Int?)])
  func affinityMask(text: String, cpus: Int?) {
    #expect(CPULimits.affinity(ofStatus: text) == cpus)
  }
}
