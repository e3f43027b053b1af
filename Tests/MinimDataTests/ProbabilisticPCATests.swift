import MinimKernels
import MinimData
import TestSupport
import Testing

@Suite struct ProbabilisticPCATests {
  @Test func golden() throws {
    func number(_ key: String) throws -> Double { try #require(Golden["ppca", key].number) }
    let covariance = try #require(Golden["ppca", "S"].matrix)
    let pca = try ProbabilisticPCA(
      covariance: Matrix(rows: covariance), latent: try #require(Golden["ppca", "k"].integer))
    #expect(distance(pca.eigenvalues, try #require(Golden["ppca", "eigenvalues"].numbers)) < 1e-10)
    #expect(abs(pca.variance - (try number("sigma2_ML"))) < 1e-10)
    #expect(abs(pca.logLikelihood - (try number("max_mean_loglik"))) < 1e-10)
    #expect(abs(pca.fullLogLikelihood - (try number("full_gaussian_loglik"))) < 1e-10)
    // The control, and its direction: each latent more is worth something, three of four are worth a whole covariance.
    let others = try (0..<4).map {
      try ProbabilisticPCA(covariance: Matrix(rows: covariance), latent: $0).logLikelihood
    }
    #expect(zip(others, others.dropFirst()).allSatisfy { $1 > $0 + 1e-3 })
    #expect(abs(others[3] - pca.fullLogLikelihood) < 1e-12)
  }

  /// The model's own covariance is fitted best by the model.
  @Test(arguments: LinearGaussianTests.models.filter { $0.latent < $0.inputs })
  func theModelsOwnCovariance(_ model: LinearGaussian) throws {
    let theory = LinearGaussianTheory(model)
    let pca = try ProbabilisticPCA(covariance: model.covariance, latent: model.latent)
    #expect(abs(pca.variance - model.variance) < 1e-12)
    #expect(abs(pca.logLikelihood + theory.entropy) < 1e-10)
    // The mean log-likelihood of rows of exactly these moments, by the density.
    let data = rows(of: model.sigmaPoints())
    let mean = data.reduce(0) { $0 + theory.logProb($1) / Double(data.count) }
    #expect(abs(mean - pca.logLikelihood) < 1e-4)
  }
}
