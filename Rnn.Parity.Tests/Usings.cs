global using Quantities = System.Collections.Generic.IReadOnlyDictionary<string, TorchSharp.torch.Tensor>;
