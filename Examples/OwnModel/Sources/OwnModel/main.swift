import Minim
import MinimCommand

Programs.run(
  "OwnModel", adding: [NamedModel("bernoulli-mixture", BernoulliMixture.init)],
  dataSets: [NamedData("majority", Majority.init)], optimizers: [NamedOptimizer("lion", Lion.init)])
