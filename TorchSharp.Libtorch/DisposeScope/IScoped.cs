namespace TorchSharp;

// What a dispose scope can own, a tensor or a packed sequence: it knows its owner, and its place in the owner's list.
internal interface IScoped : IDisposable
{
    DisposeScope? Scope { get; set; }

    int Slot { get; set; }
}
