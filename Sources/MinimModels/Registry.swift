import MinimNN

extension NamedModel {
  /// The models of Minim: the only list of them. The first is the default.
  public static let all = [
    NamedModel("pixelcnn", PixelCNN.init), NamedModel("vae", VAE.init), NamedModel("realnvp", RealNVP.init),
    NamedModel("fixed-q", FixedPosterior.init), NamedModel("forward-reverse", ForwardReverse.init),
    NamedModel("flow-matching", FlowMatching.init(_:_:)), NamedModel("diffusion", FlowMatching.init(diffusion:_:)),
    NamedModel("bilinear", Bilinear.init), NamedModel("gan", GAN.init), NamedModel("dirac-gan", DiracGAN.init),
    NamedModel("simsiam", SimSiam.init), NamedModel("simsiam-variants", SimSiamVariants.init),
    NamedModel("simsiam-linear", LinearSimSiam.init),
  ]
}
