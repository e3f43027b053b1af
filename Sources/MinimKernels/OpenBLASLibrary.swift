import MinimSystem

/// The functions of OpenBLAS, which is loaded when the first of them is needed: the system's, or that inside of the program if the
/// program came in an archive.
///
/// It is not linked in the usual way, since then it would start a thread per CPU before `main`, without being asked and with no way to
/// refuse: where the system has no threads or no memory to give, the program would end there, or hang at its end. In an archive it is
/// linked without what starts it, so that both ways begin here.
struct OpenBLASLibrary: Sendable {
  typealias Order = Int32
  typealias SGEMM =
    @convention(c) @Sendable (
      Order, Order, Order, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32, Float,
      UnsafeMutablePointer<Float>, Int32
    ) -> Void
  typealias DGEMM =
    @convention(c) @Sendable (
      Order, Order, Order, Int32, Int32, Int32, Double, UnsafePointer<Double>, Int32, UnsafePointer<Double>, Int32,
      Double, UnsafeMutablePointer<Double>, Int32
    ) -> Void

  // LAPACK's matrices are column-major; every argument is a pointer; the last, `info`, is 0 on success.
  typealias Text = UnsafePointer<CChar>
  typealias Size = UnsafePointer<Int32>
  typealias Numbers = UnsafeMutablePointer<Double>
  typealias Integers = UnsafeMutablePointer<Int32>
  typealias DSYEV = @convention(c) @Sendable (Text, Text, Size, Numbers, Size, Numbers, Numbers, Size, Integers) -> Void
  typealias DGESDD =
    @convention(c) @Sendable (
      Text, Size, Size, Numbers, Size, Numbers, Numbers, Size, Numbers, Size, Numbers, Size, Integers, Integers
    ) -> Void
  typealias DGEEV =
    @convention(c) @Sendable (
      Text, Text, Size, Numbers, Size, Numbers, Numbers, Numbers, Size, Numbers, Size, Numbers, Size, Integers
    ) -> Void
  typealias DGETRF = @convention(c) @Sendable (Size, Size, Numbers, Size, Integers, Integers) -> Void
  typealias DPOTRF = @convention(c) @Sendable (Text, Size, Numbers, Size, Integers) -> Void

  let sgemm: SGEMM, dgemm: DGEMM
  let dsyev: DSYEV, dgesdd: DGESDD, dgeev: DGEEV, dgetrf: DGETRF, dpotrf: DPOTRF
  let configuration: String, coreName: String

  /// The library, or the reason why there is none.
  static let loaded = Result<OpenBLASLibrary, KernelError> { () throws(KernelError) in try OpenBLASLibrary() }

  /// The name that all variants of the library have on a system.
  private static let file = "libopenblas.so.0"

  /// Bytes of the buffer that OpenBLAS takes for its first product (BUFFER_SIZE in its common_x86_64.h).
  private static let buffer = 128 << 20

  private init() throws(KernelError) {
    try OpenBLAS.requireCore(environment: getenv(OpenBLAS.coreVariable).map { String(cString: $0) })
    // It reads this when it is loaded. The project's own threads do the parallel work.
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    setenv("OMP_NUM_THREADS", "1", 1)
    let library = try Self.handle()
    func function<Function>(_ name: String, _ type: Function.Type) throws(KernelError) -> Function {
      guard let address = dlsym(library, name) else {
        throw KernelError("\(Self.file) has no function \(name). Install libopenblas0-pthread.")
      }
      return unsafeBitCast(address, to: type)
    }
    sgemm = try function("cblas_sgemm", SGEMM.self)
    dgemm = try function("cblas_dgemm", DGEMM.self)
    dsyev = try function("dsyev_", DSYEV.self)
    dgesdd = try function("dgesdd_", DGESDD.self)
    dgeev = try function("dgeev_", DGEEV.self)
    dgetrf = try function("dgetrf_", DGETRF.self)
    dpotrf = try function("dpotrf_", DPOTRF.self)
    typealias Words = @convention(c) () -> UnsafePointer<CChar>?
    configuration = try function("openblas_get_config", Words.self)().map { String(cString: $0) } ?? "unknown"
    coreName = try function("openblas_get_corename", Words.self)().map { String(cString: $0) } ?? "unknown"
    try function("openblas_set_num_threads", (@convention(c) (Int32) -> Void).self)(1)
  }

  /// Starts the OpenBLAS inside of the program, or loads that of the system, and returns where `dlsym` finds its functions: nil stands
  /// for the program itself.
  private static func handle() throws(KernelError) -> UnsafeMutableRawPointer? {
    if let start = dlsym(nil, "gotoblas_init") {
      unsafeBitCast(start, to: (@convention(c) () -> Void).self)()
      return nil
    }
    if let library = dlopen(file, RTLD_NOW | RTLD_LOCAL) { return library }
    let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
    throw KernelError("OpenBLAS cannot be loaded: \(reason). Install libopenblas0-pthread, or raise ulimit -v.")
  }

  /// The error of a process that may not have as much address space as a product's buffer takes; nil if it may. OpenBLAS keeps
  /// its first buffer. Where it gets none, it tries again without end.
  static let shortage: KernelError? = {
    let place = mmap(nil, buffer, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard place == MAP_FAILED else {
      munmap(place, buffer)
      return nil
    }
    return KernelError(
      "OpenBLAS needs \(buffer >> 20) MiB of address space, more than this process may have. Raise ulimit -v.")
  }()
}
