namespace TorchSharp;

// What a dispose scope can own: a tensor or a packed sequence.
internal interface IScoped : IDisposable
{
    DisposeScope? Scope { get; set; }
}
