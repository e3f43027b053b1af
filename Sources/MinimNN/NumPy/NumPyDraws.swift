import MinimKernels

/// The engine's random numbers in Python, bit by bit: words by Threefry-2x32, uniforms, and normals by Box and Muller.
enum NumPyDraws {
  /// The definitions, in Python.
  static var source: String { purposes + "\n\n\n" + text }

  private static var purposes: String {
    let entries = RandomPurpose.allCases.map { "\"\($0)\": \($0.rawValue)" }
    return "PURPOSES = {\n    " + entries.joined(separator: ",\n    ") + ",\n}"
  }

  private static let text = #"""
    def threefry(key, x0, x1):
        """Two random words of each counter (x0, x1), by 20 rounds of Threefry-2x32 (Salmon et al. 2011)."""
        k = [np.uint32(word) for word in (*key, 0x1BD11BDA ^ key[0] ^ key[1])]
        x0, x1 = np.broadcast_arrays(np.atleast_1d(np.asarray(x0, np.uint32)), np.asarray(x1, np.uint32))
        x0, x1 = x0 + k[0], x1 + k[1]
        for block in range(5):
            for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[block % 2]:
                x0 = x0 + x1
                x1 = (x1 << np.uint32(bits) | x1 >> np.uint32(32 - bits)) ^ x0
            x0, x1 = x0 + k[(block + 1) % 3], x1 + k[(block + 2) % 3] + np.uint32(block + 1)
        return x0, x1


    def box_muller(u0, u1):
        """Two standard normals of two uniforms."""
        radius = np.sqrt(-2 * np.log(u0))
        return radius * np.cos(2 * np.pi * u1), radius * np.sin(2 * np.pi * u1)


    class Key:
        """A stream of random numbers that depend on their place alone."""

        def __init__(self, seed):
            self.words = seed & 0xFFFFFFFF, seed >> 32

        def folding(self, value):
            """The stream of a purpose, or of a number."""
            value, key = PURPOSES.get(value, value), Key(0)
            key.words = tuple(int(word[0]) for word in threefry(self.words, value & 0xFFFFFFFF, value >> 32))
            return key

        def bits(self, places):
            """64 random bits of each place."""
            places = np.asarray(places, np.uint64)
            low, high = threefry(self.words, places & np.uint64(0xFFFFFFFF), places >> np.uint64(32))
            return high.astype(np.uint64) << np.uint64(32) | low

        def uniform(self, places):
            """Uniforms on (0, 1)."""
            return np.minimum(((self.bits(places) >> np.uint64(11)) + 0.5) * 2.0**-53, 1 - 2.0**-53)

        def normal(self, places):
            """Standard normals."""
            places = 2 * np.asarray(places, np.uint64)
            return box_muller(self.uniform(places), self.uniform(places + np.uint64(1)))[0]


    class Draws:
        """The draws of an expression: a function of seed, step, and the number of an example, from `first` on."""

        def __init__(self, seed, step=0, first=0, dtype=np.float32):
            self.seed, self.step, self.first, self.dtype = seed, step, first, np.dtype(dtype)

        def uniform(self, shape, purpose, stream):
            """Uniforms on (0, 1]."""
            width = int(np.prod(shape[1:]))
            if self.dtype == np.float32:  # two of each counter
                words = self.counters(shape[0], (width + 1) // 2, purpose, stream)
                values = (np.stack(words, axis=-1).reshape(shape[0], -1) + 0.5) * 2.0**-32
            else:
                low, high = self.counters(shape[0], width, purpose, stream)
                bits = high.astype(np.uint64) << np.uint64(32) | low
                values = ((bits >> np.uint64(11)) + 0.5) * 2.0**-53
            return values[:, :width].astype(self.dtype).reshape(shape)

        def normal(self, shape, purpose, stream):
            """Standard normals, in pairs of two uniforms."""
            width = int(np.prod(shape[1:]))
            pairs = self.uniform((shape[0], (width + 1) // 2, 2), purpose, stream).astype(float)
            values = np.stack(box_muller(pairs[..., 0], pairs[..., 1]), axis=-1).reshape(shape[0], -1)
            return values[:, :width].astype(self.dtype).reshape(shape)

        def stratified(self, shape, purpose, stream):
            """Uniforms on (0, 1] that spread evenly over the examples, by the golden ratio."""
            width = int(np.prod(shape[1:]))
            low, high = threefry(self.key(purpose, stream).words, 0xFFFFFFFF, np.arange(width))
            golden = np.uint64(0x9E3779B97F4A7C15)
            places = self.first + np.arange(shape[0], dtype=np.uint64)[:, None]
            bits = (high.astype(np.uint64) << np.uint64(32) | low) + places.astype(np.uint64) * golden
            digits = 32 if self.dtype == np.float32 else 53
            values = ((bits >> np.uint64(64 - digits)) + 0.5) * 2.0**-digits
            return values.astype(self.dtype).reshape(shape)

        def key(self, purpose, stream):
            """The stream of a purpose and of the step."""
            return Key(self.seed).folding(PURPOSES[purpose] | stream << 32).folding(self.step)

        def counters(self, examples, width, purpose, stream):
            """The two words of each of `width` counters of each example."""
            numbers = (self.first + np.arange(examples)) & 0xFFFFFFFF
            return threefry(self.key(purpose, stream).words, numbers[:, None], np.arange(width))
    """#
}
