using Rnn.Parity.Bounds;

namespace Rnn.Parity.Diagnosis;

/// <summary>A run of which every layer's states are known, and what the equation allows each of them to be.</summary>
/// <param name="Case">What was run.</param>
/// <param name="Tensors">With which tensors.</param>
/// <param name="Layers">The layers and directions, in the order of h_0, each with its enclosures.</param>
internal sealed record Run(
    RnnCase Case,
    CaseTensors Tensors,
    IReadOnlyList<(RecordedLayer layer, Enclosure[] enclosures)> Layers
)
{
    /// <summary>The run whose layers' outputs are given, each shaped as the output.</summary>
    /// <param name="c">What was run.</param>
    /// <param name="tensors">With which tensors.</param>
    /// <param name="outputs">Each layer's output, or the last one alone.</param>
    /// <param name="tanhError">The absolute error of the run's tanh, in u.</param>
    public static Run Of(RnnCase c, CaseTensors tensors, IReadOnlyList<Tensor> outputs, int tanhError = 0) =>
        new(c, tensors, Recording.Of(c, tensors, outputs, new Rounding(c.Dtype), tanhError));

    /// <summary>Those whose states were recorded.</summary>
    public IEnumerable<RecordedLayer> Recorded => Layers.Select(l => l.layer).Where(l => l.States is not null);

    /// <summary>Whether no order of rounding gives this value from the run's own previous state.</summary>
    public bool IsOutside(Place place)
    {
        var e = EnclosureOf(place);
        if (double.IsFinite(e.Bound))
            return !(e.Error(place.Value) <= e.Bound);
        // an infinite or undefined sum is that in any order
        return !double.IsFinite(e.Value.High) && !place.Value.Equals(e.Value.High);
    }

    /// <summary>What the equation allows a number to be.</summary>
    public Enclosure EnclosureOf(Place place) =>
        Layers[place.Layer.Slot].enclosures[place.Row * place.Layer.Size + place.Unit];
}
