import Foundation

func sleepMilliseconds(_ count: UInt32) { usleep(count * 1000) }

func yieldThread() { sched_yield() }

/// The threads of this process, as the kernel counts them.
func threadCount() -> Int {
  (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
}
