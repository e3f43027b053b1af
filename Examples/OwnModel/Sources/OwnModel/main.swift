import Minim
import MinimCommand

Programs.run(
  "OwnModel", adding: [NamedModel("bernoulli-mixture", BernoulliMixture.init)],
  optimizers: [NamedOptimizer("lion", Lion.init)])
