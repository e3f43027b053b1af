import MinimData
import MinimNN

// The claims of a field, each with a control that must fail. All in Double.

extension FlowMatching {
  /// What holds for any data; what is known of densities of the plane; what is known of mixtures of normals, whose fields have a
  /// closed form; and what is known of rows.
  package func claims(_ trained: Trained) throws -> [Claim] {
    let precise = try trained.inDouble()
    var claims = try anyClaims(precise) + densityClaims(precise) + mixtureClaims(precise)
    claims += try trained.checking("FM10") { try TransportTheorems(self, precise)?.claims() ?? [] }
    claims += try trained.checking("FM9") { try RowTheorems(self, precise).map { [$0.claim()] } ?? [] }
    claims += try trained.checking("F5") { try levelCosts(precise)?.claims() ?? [] }
    return claims
  }

  private func anyClaims(_ trained: Trained) throws -> [Claim] {
    var claims = try formulaClaims(trained)
    claims += try [velocityClaim(trained), trained.checking("FM6") { try jacobianClaim(trained) }]
    claims.append(try trained.checking("FM8") { try probeClaim(trained) })
    let normal = NormalTheorems(self, trained)
    if let bound = try normal.pathClaim() { claims.append(bound) }
    if isConditional {
      let theorem = GuidanceTheorem(path: configuration.path, trained: trained)
      claims += try theorem.claim(guidance: configuration.guidance).map { [$0] } ?? []
    }
    return claims + (try configuration.isDiffusion ? [normal.denoiserClaim(), normal.samplerClaim()] : [])
  }

  private func densityClaims(_ trained: Trained) throws -> [Claim] {
    guard let density = knownDensity(trained.data) else { return [] }
    let kl = try trained.checking("FM7") { try divergences(density, trained).forward }
    let start = try trained.checking("FM11") { try startKL(density, trained) }
    return try trained.checking("FM6") { [try massClaim(density, trained)] }
      + klClaims(kl, start.model.value, density) + [startClaim(start, density)]
  }

  /// What is known only if the data are a mixture of normals: then every p_t is one too.
  private func mixtureClaims(_ trained: Trained) throws -> [Claim] {
    guard let density = knownDensity(trained.data) else { return [] }
    if let mixture = density as? GaussianMixture { return try MixtureTheorems(self, mixture, trained).claims() }
    let known = try (density as? Checkerboard).map { try CheckerboardTheorems(self, $0, trained).claims() } ?? []
    let reason =
      "\(density.name) is not a mixture of normals\(known.isEmpty ? ": its field has no closed form here" : "")"
    return known
      + MixtureTheorems.all(isDiffusion: configuration.isDiffusion)
      .filter { theorem in !known.contains { $0.id == theorem.id } }.map { .notApplicable($0, reason) }
  }

  /// The density of the data if it is known, in the unit of the field, and of one or two dimensions.
  func knownDensity(_ data: DataSplit) -> (any KnownDensity)? {
    guard dimensions <= 2, scaling == nil else { return nil }
    return data.distribution?.density as? any KnownDensity
  }
}
