import MinimFiles
import Testing

@Suite struct NPYReadingTests {
  static func read(_ bytes: [UInt8], _ file: String = "test.npy") throws -> NumericArray {
    try NPY.decode(bytes, file: file)
  }

  /// Numbers of every type, as their little-endian bytes and as values.
  static let types: [(name: String, numbers: [[UInt8]], values: [Float])] = [
    ("b1", [[0], [1]], [0, 1]), ("u1", [[0], [255]], [0, 255]), ("i1", [[127], [128]], [127, -128]),
    ("u2", [little(7, 2), little(65535, 2)], [7, 65535]), ("i2", [little(-300, 2), little(300, 2)], [-300, 300]),
    ("u4", [little(1 << 31, 4), little(5, 4)], [2_147_483_648, 5]), ("i4", [little(-70000, 4)], [-70000]),
    ("u8", [little(UInt64.max, 8), little(9, 8)], [18_446_744_073_709_551_616, 9]),
    ("i8", [little(-1, 8), little(1 << 40, 8)], [-1, 1_099_511_627_776]),
    (
      "f2",
      [0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0xc000, 0x3555, 0x7bff].map { little($0, 2) },
      [0, -0.0, 0x1p-24, 0x1.ff8p-15, 0x1p-14, 1, -2, 0x1.554p-2, 65504]
    ),
    ("f4", [little(Float(0.1).bitPattern, 4), little(Float(-2.5).bitPattern, 4)], [0.1, -2.5]),
    ("f8", [little((0.1).bitPattern, 8), little((-1e-300).bitPattern, 8)], [0.1, -0.0]),
  ]

  @Test func readsEveryTypeVersionAndOrderOfBytes() throws {
    for (name, numbers, values) in Self.types {
      let orders = numbers[0].count == 1 ? ["<", ">", "=", "|"] : ["<", ">", "="]
      for (order, version) in orders.flatMap({ order in (1...3).map { (order, UInt8($0)) } }) {
        let data = numbers.flatMap { order == ">" ? $0.reversed() : $0 }
        let array = try Self.read(npy(npyHeader(order + name, "(\(values.count),)"), data, version: version))
        #expect(array == NumericArray(shape: [values.count], values: values), "\(order)\(name)")
      }
    }
  }

  @Test("sizes as Python 2 wrote them")
  func longSizes() throws {
    let array = try Self.read(npy(npyHeader("|u1", "(2L, 3L)"), [1, 2, 3, 4, 5, 6]))
    #expect(array == NumericArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]))
    #expect(try Self.read(npy(npyHeader("|u1", "(1L,)"), [9])).values == [9])
  }

  @Test func transposesFortranOrder() throws {
    // The value is 100 i + 10 j + k, so each tells its own place.
    let shape = [2, 3, 4]
    var (rows, columns): ([Float], [UInt8]) = ([], [])
    for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { rows.append(Float(100 * i + 10 * j + k)) } } }
    for k in 0..<4 { for j in 0..<3 { for i in 0..<2 { columns.append(UInt8(100 * i + 10 * j + k)) } } }
    let array = try Self.read(npy(npyHeader("|u1", "(2, 3, 4)", fortran: true), columns))
    #expect(array == NumericArray(shape: shape, values: rows))
    let row = try Self.read(npy(npyHeader("|u1", "(3,)", fortran: true), [5, 6, 7]))
    #expect(row == NumericArray(shape: [3], values: [5, 6, 7]))
    let number = try Self.read(npy(npyHeader("|u1", "()", fortran: true), [5]))
    #expect(number == NumericArray(shape: [], values: [5]))
  }

  @Test func readsWhatTheWriterWrites() throws {
    let values: [Float] = [0.5, -1, 3e38, .leastNonzeroMagnitude, -0.0, 7]
    for shape in [[6], [2, 3], [1, 1, 6], [1, 2, 1, 3]] {
      #expect(try Self.read(NPY.encode(values, shape: shape)) == NumericArray(shape: shape, values: values))
    }
    #expect(try Self.read(NPY.encode([4], shape: [])) == NumericArray(shape: [], values: [4]))
  }

  /// Files that NumPy 2.4 has written.
  @Test func readsFilesOfNumPy() throws {
    let fortran = try base64(
      """
      k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAg
      ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAq/4AAAAAAAAD/QAAAAAAAAv9AAAAAA
      AAA/4AAAAAAAAAAAAAAAAAAAP+gAAAAAAAA=
      """)
    #expect(
      try Self.read(fortran) == NumericArray(shape: [2, 3], values: [-0.5, -0.25, 0, 0.25, 0.5, 0.75]))
    let second = try base64(
      """
      k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAg
      ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIArU/gcA
      """)
    #expect(try Self.read(second) == NumericArray(shape: [2], values: [-300, 7]))
    let third = try base64(
      """
      k05VTVBZAwB0AAAAeydkZXNjcic6ICd8YjEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMSksIH0gICAg
      ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA==
      """)
    #expect(try Self.read(third) == NumericArray(shape: [2, 1], values: [1, 0]))
  }

  @Test(arguments: [
    "{'descr':'|u1','fortran_order':False,'shape':(2,3)}",
    "{\"shape\": (2, 3,), \"descr\": \"|u1\", \"fortran_order\": False}   \n",
    "  {  'fortran_order' : False , 'shape' : ( 2 , 3 ) , 'descr' : '|u1' , }  ",
    "{\t'descr': '<u1',\n'shape': (2, 3), 'fortran_order': False,\r\n}",
  ])
  func takesTheHeaderHoweverItIsSpaced(header: String) throws {
    let array = try Self.read(npy(header, [1, 2, 3, 4, 5, 6]))
    #expect(array == NumericArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]))
  }

  @Test(arguments: wrongHeaders + wrongNumbers + wrongBeginnings)
  func refuses(wrong: Wrong) { wrong.isRefused(by: Self.read) }

  static let wrongHeaders: [Wrong] = [
    ("no dict", "(3,)", ["expected \"{\""]),
    ("no end", "{'descr': '|u1', 'fortran_order': False, 'shape': (3,)", ["expected \"}\"", "its end"]),
    ("text behind", npyHeader("|u1", "(3,)") + "x", ["expected its end"]),
    ("second dict", npyHeader("|u1", "(3,)") + npyHeader("|u1", "(3,)"), ["expected its end"]),
    ("unknown key", "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), 'more': 1}", ["\"more\"", "not known"]),
    ("key twice", "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", ["\"descr\"", "twice"]),
    ("order twice", "{'fortran_order': False, 'fortran_order': True, }", ["twice"]),
    ("key missing", "{'descr': '|u1', 'shape': (3,)}", ["lacks", "fortran_order"]),
    ("empty dict", "{}", ["lacks"]),
    ("two commas", "{'descr': '|u1',, 'fortran_order': False, 'shape': (3,)}", ["expected a string"]),
    ("no colon", "{'descr' '|u1'}", ["expected \":\""]),
    ("open string", "{'descr': '|u1", ["a string does not end"]),
    ("escape", "{'descr': '|u\\x31', 'fortran_order': False, 'shape': (3,)}", ["without escapes"]),
    ("control character", "{'de\u{1b}[2Jscr': '|u1'}", ["printable", "u{1b}"]),
    ("order not a bool", "{'descr': '|u1', 'fortran_order': 0, 'shape': (3,)}", ["True or False"]),
    ("no tuple", "{'descr': '|u1', 'fortran_order': False, 'shape': 3}", ["expected \"(\""]),
    ("list", "{'descr': '|u1', 'fortran_order': False, 'shape': [3]}", ["expected \"(\""]),
    ("number in brackets", npyHeader("|u1", "(3)"), ["expected a comma"]),
    ("negative size", npyHeader("|u1", "(-3,)"), ["whole number from 0"]),
    ("fraction", npyHeader("|u1", "(3.0,)"), ["expected a comma"]),
    ("leading zero", npyHeader("|u1", "(03,)"), ["begins with 0"]),
    ("sum", npyHeader("|u1", "(1+2,)"), ["expected a comma"]),
    ("only a comma", npyHeader("|u1", "(,)"), ["whole number"]),
    ("size of 100 digits", npyHeader("|u1", "(1\(String(repeating: "0", count: 99)),)"), ["too large"]),
    ("structured", "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (3,)}", ["structured"]),
    ("objects", npyHeader("|O", "(3,)"), ["pickle", "astype"]),
    ("text", npyHeader("<U3", "(1,)"), ["\"<U3\"", "f4"]), ("bytes", npyHeader("|S3", "(1,)"), ["\"|S3\""]),
    ("complex", npyHeader("<c8", "(1,)"), ["\"<c8\"", "f2, f4"]),
    ("long", npyHeader("|u1", "(3LL,)"), ["expected a comma"]),
    ("only long", npyHeader("|u1", "(L,)"), ["whole number"]),
    ("time", npyHeader("<M8[ns]", "(1,)"), ["M8"]), ("void", npyHeader("|V3", "(1,)"), ["V3"]),
    ("no order", npyHeader("f4", "(1,)"), ["\"f4\""]), ("unknown order", npyHeader("!f4", "(1,)"), ["\"!f4\""]),
    ("no order of bytes", npyHeader("|f4", "(1,)"), ["byte order"]), ("empty", npyHeader("", "(3,)"), ["dtype"]),
  ].map { (name: String, header: String, words: [String]) in
    Wrong(name: name, bytes: npy(header, [1, 2, 3]), words: words)
  }

  static let wrongNumbers: [Wrong] = [
    Wrong("too few", npy(npyHeader("|u1", "(4,)"), [1, 2, 3]), "cut short", "needs 4", "3 are there"),
    Wrong("too many", npy(npyHeader("|u1", "(2,)"), [1, 2, 3]), "1 bytes follow"),
    Wrong("none", npy(npyHeader("<f8", "()"), []), "needs 8", "0 are there"),
    Wrong("empty array", npy(npyHeader("|u1", "(0, 3)"), []), "empty", "[0, 3]"),
    Wrong("2^31 values", npy(npyHeader("|u1", "(2147483648,)"), [1]), "too large", "268435456"),
    Wrong("2^60 values", npy(npyHeader("|u1", "(1152921504606846976,)"), [1]), "too large"),
    Wrong("product over 2^64", npy(npyHeader("<f8", "(4294967296, 4294967296, 2)"), [1]), "too large"),
    Wrong("product 2^64", npy(npyHeader("|u1", "(4294967296, 4294967296)"), []), "too large"),
    Wrong("huge beside 0", npy(npyHeader("|u1", "(4611686018427387904, 4, 0)"), []), "empty"),
    Wrong("as many as allowed", npy(npyHeader("<f8", "(268435456,)"), [1]), "needs 2147483648", "1 are there"),
    Wrong("9 axes", npy(npyHeader("|u1", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), [1]), "9 axes", "at most 8"),
    Wrong(
      "not a number", npy(npyHeader("<f4", "(2, 1)"), little(0, 4) + little(0x7fc0_0000, 4)), "[1, 0]", "not a number"
    ),
    Wrong("infinite", npy(npyHeader(">f8", "(1,)"), big((-Double.infinity).bitPattern, 8)), "[0]", "infinite"),
    Wrong("too large", npy(npyHeader("<f8", "()"), little((1e39).bitPattern, 8)), "[]", "too large for 32 bits"),
    Wrong(
      "not a number in Fortran's order",
      npy(npyHeader("<f4", "(2, 3)", fortran: true), little(0, 8) + little(0x7fc0_0000, 4) + little(0, 12)), "[0, 1]"),
  ]

  static let wrongBeginnings: [Wrong] = [
    Wrong("nothing", [], "does not begin"),
    Wrong("other magic", Array("NUMPY\0\0\0\0\0\0\0\0".utf8), "does not begin"),
    Wrong("version 0", npy(npyHeader("|u1", "(1,)"), [1], version: 0), "version 0.0", "1.0, 2.0 and 3.0"),
    Wrong("version 4", npy(npyHeader("|u1", "(1,)"), [1], version: 4), "version 4.0"),
    Wrong("header of 4 GiB", [0x93] + Array("NUMPY".utf8) + [2, 0] + little(UInt32.max, 4), "claims 4294967295"),
    Wrong(
      "header longer than the file", [0x93] + Array("NUMPY".utf8) + [1, 0, 200, 0, 0x7b, 0x7d], "cut short", "200"),
    Wrong("no header", [0x93] + Array("NUMPY".utf8) + [1, 0, 0, 0, 0, 0], "found its end"),
    Wrong("deep brackets", npy(String(repeating: "(", count: 60000), []), "expected \"{\""),
  ]

  @Test func refusesATruncatedFile() {
    refusesEveryTruncation(of: NPY.encode([1, 2, 3, 4, 5, 6], shape: [2, 3])) { try Self.read($0) }
    refusesEveryTruncation(of: npy(npyHeader(">i2", "(2, 2)"), [1, 2, 3, 4, 5, 6, 7, 8], version: 2)) {
      try Self.read($0)
    }
  }

  @Test func standsDamagedBytes() {
    let bytes = npy(npyHeader("<f4", "(2, 3)"), little(0, 24))
    // All that a damaged file can become has as many bytes as there are.
    standsDamage(to: bytes, by: { try Self.read($0) }, isPossible: { $0.values.count <= 24 })
  }
}

extension Wrong {
  init(name: String, bytes: [UInt8], words: [String]) {
    (self.name, self.bytes, self.words) = (name, bytes, words)
  }
}
