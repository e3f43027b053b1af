import CMinimKernels

// One instruction becomes one C struct: the fields of the plan's own types, with addresses for places.

extension Binding {
  func bind(_ instruction: Instruction) {
    let table = kernels.pointer.pointee
    switch instruction {
    case .gemm(let gemm): bind(gemm)
    case .map(let map): bind(map)
    case .reduce(let reduce): bind(reduce)
    case .copy(let copy): bind(copy)
    case .firstMaximum(let mask):
      let call = append(
        table.first_maximum,
        minim_first_maximum(x: nil, mask: nil, rows: Int64(mask.rows), columns: Int64(mask.columns)))
      set(mask.x, call, \minim_first_maximum.x)
      set(mask.mask, call, \minim_first_maximum.mask)
    case .fill(let fill):
      let call = append(table.fill, minim_fill(dst: nil, count: Int64(fill.count), value: fill.value))
      set(fill.dst, call, \minim_fill.dst)
    case .gather(let rows):
      let call = append(
        table.gather,
        minim_gather(
          src: nil, index: nil, dst: nil, rows: Int64(rows.rows), columns: Int64(rows.columns),
          src_rows: Int64(rows.otherRows)))
      set(rows.src, call, \minim_gather.src)
      set(rows.index, call, \minim_gather.index)
      set(rows.dst, call, \minim_gather.dst)
    case .scatterAdd(let rows):
      let call = append(
        table.scatter_add,
        minim_scatter_add(
          src: nil, index: nil, dst: nil, rows: Int64(rows.rows), columns: Int64(rows.columns),
          dst_rows: Int64(rows.otherRows)))
      set(rows.src, call, \minim_scatter_add.src)
      set(rows.index, call, \minim_scatter_add.index)
      set(rows.dst, call, \minim_scatter_add.dst)
    case .random(let random):
      let distribution =
        switch random.distribution {
        case .uniform: MINIM_UNIFORM
        case .normal: MINIM_NORMAL
        case .stratified: MINIM_STRATIFIED
        }
      let call = append(
        table.random,
        minim_random(
          dst: nil, examples: Int64(random.examples), per_example: Int64(random.perExample), purpose: random.purpose,
          distribution: Int32(distribution.rawValue), reserved: 0, context: context))
      set(random.dst, call, \minim_random.dst)
    case .sequence(let instructions):
      for instruction in instructions { bind(instruction) }
    }
  }

  private func bind(_ gemm: GemmInstruction) {
    var call = minim_gemm()
    call.groups = Int64(gemm.groups.cOffsets.count)
    call.c_offset = array(gemm.groups.cOffsets.map(Int64.init))
    call.segment_start = array(gemm.groups.starts.map(Int64.init))
    call.a_offset = array(gemm.groups.aOffsets.map(Int64.init))
    call.b_offset = array(gemm.groups.bOffsets.map(Int64.init))
    call.m = Int64(gemm.m)
    call.n = Int64(gemm.n)
    call.k = Int64(gemm.k)
    call.a_row = Int64(gemm.aRow)
    call.a_column = Int64(gemm.aColumn)
    call.b_row = Int64(gemm.n)
    call.c_row = Int64(gemm.n)
    call.relu = gemm.epilogue.steps.contains { $0.step == .relu } ? 1 : 0
    let memory = append(kernels.gemm, call)
    set(gemm.a, memory, \minim_gemm.a)
    set(gemm.b, memory, \minim_gemm.b)
    set(gemm.c, memory, \minim_gemm.c)
    for (step, operands) in gemm.epilogue.steps {
      for (place, operand) in zip(step.operands, operands) { set(operand, memory, place) }
    }
  }

  private func bind(_ map: MapInstruction) {
    let temporaries = Int32(map.operands.count)
    let steps = map.steps.map { step in
      minim_map_step(
        primitive: Int32(step.primitive.code.rawValue), destination: Int32(step.destination), a: Int32(step.a),
        b: Int32(step.b), constant: step.constant)
    }
    var call = minim_map()
    call.count = Int64(map.count)
    call.columns = Int64(map.columns)
    call.operands = temporaries
    call.steps = Int32(steps.count)
    call.step = array(steps)
    let memory = append(kernels.pointer.pointee.map, call)
    // Swift sees C arrays as tuples: their elements are reached by address.
    let operands = memory + (MemoryLayout<minim_map>.offset(of: \.operand) ?? 0)
    let kinds = memory + (MemoryLayout<minim_map>.offset(of: \.kind) ?? 0)
    for (index, operand) in map.operands.enumerated() {
      set(operand.slot, at: operands + index * MemoryLayout<UnsafeRawPointer>.stride)
      kinds.storeBytes(of: operand.kind.code, toByteOffset: index * MemoryLayout<Int32>.stride, as: Int32.self)
    }
  }

  private func bind(_ reduce: ReduceInstruction) {
    var call = minim_reduce()
    call.reduction = Int32((reduce.reduction == .sum ? MINIM_SUM : MINIM_MAX).rawValue)
    call.kept = Int32(reduce.kept.count)
    call.reduced = Int32(reduce.reduced.count)
    call.scale = reduce.scale
    assign(reduce.kept.map(\.extent), to: &call.kept_extent)
    assign(reduce.kept.map(\.stride), to: &call.kept_stride)
    assign(reduce.reduced.map(\.extent), to: &call.reduced_extent)
    assign(reduce.reduced.map(\.stride), to: &call.reduced_stride)
    let memory = append(kernels.pointer.pointee.reduce, call)
    set(reduce.x, memory, \minim_reduce.x)
    set(reduce.y, memory, \minim_reduce.y)
  }

  private func bind(_ copy: CopyInstruction) {
    var call = minim_copy()
    call.rank = Int32(copy.axes.count)
    assign(copy.axes.map(\.extent), to: &call.extent)
    assign(copy.axes.map(\.destination), to: &call.dst_stride)
    assign(copy.axes.map(\.source), to: &call.src_stride)
    let memory = append(kernels.pointer.pointee.copy, call)
    set(copy.src, memory, \minim_copy.src)
    set(copy.dst, memory, \minim_copy.dst)
  }

  private func assign<Tuple>(_ values: [Int], to tuple: inout Tuple) {
    require(values.count <= Int(MINIM_MAX_RANK), "tensors of more than \(MINIM_MAX_RANK) axes are not supported")
    withUnsafeMutableBytes(of: &tuple) { bytes in
      let elements = bytes.bindMemory(to: Int64.self)
      for (index, value) in values.enumerated() { elements[index] = Int64(value) }
    }
  }
}

extension MapInstruction.Kind {
  fileprivate var code: Int32 {
    switch self {
    case .full: Int32(MINIM_FULL.rawValue)
    case .scalar: Int32(MINIM_SCALAR.rawValue)
    case .row: Int32(MINIM_ROW.rawValue)
    case .column: Int32(MINIM_COLUMN.rawValue)
    }
  }
}
