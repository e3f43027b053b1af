// The C library of the system, for all other modules: no other file of the sources names one. What differs between systems is
// behind the other files of this module. Of these systems only Linux with glibc is tested.
#if canImport(Darwin)
  @_exported import Darwin
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Glibc
#endif
