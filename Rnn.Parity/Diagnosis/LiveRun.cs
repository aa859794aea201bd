using Rnn.Parity.Bounds;
using Quantities = System.Collections.Generic.IReadOnlyDictionary<string, TorchSharp.torch.Tensor>;

namespace Rnn.Parity.Diagnosis;

/// <summary>
/// A run in this process, of which more can be asked than of a recorded one. Its trace and its certification are computed once,
/// in the dispose scope of whoever asks first.
/// </summary>
internal sealed record LiveRun(RnnFactory Factory, RnnCase Case, CaseTensors Tensors, Device Device)
{
    private Quantities? quantities;
    private Trace? trace;
    private Finding? certified;

    /// <summary>Output, h_n and the gradients, by name.</summary>
    public Quantities Quantities
    {
        get => quantities ??= RnnRun.Of(Factory, Case, Tensors, Device);
        init => quantities = value;
    }

    /// <summary>The states of every layer of a dense case, by calls of stacks without gradients.</summary>
    public Trace Trace => trace ??= Trace.Of(Factory, Case, Tensors, Device);

    public Finding Certified =>
        certified ??= Certification.ByEitherTanh(
            Case,
            Factory.TanhError(Case.Dtype, Device),
            TanhAccuracy.ByLogistic,
            Certify
        );

    public Run Run => Run.Of(Case, Tensors, Layers ?? [Quantities["output"]], Factory.TanhError(Case.Dtype, Device));

    /// <summary>The output of each layer of a dense stack, if the last traced is the run's own to the bit and those below are its layers; else null.</summary>
    public IReadOnlyList<Tensor>? Layers
    {
        get
        {
            if (Case.Lengths is not null || Case.Options.NumLayers == 1)
                return null;
            try
            {
                return
                    TensorComparison.Compare("output", Trace.Outputs[^1], Quantities["output"]) is null
                    && Trace.Run.IsWhole
                    ? Trace.Outputs
                    : null;
            }
            catch (RunException)
            {
                // a class may be of so many layers alone
                return null;
            }
        }
    }

    public LiveRun Alone(int b)
    {
        // nothing that is asked of it depends on the cotangent, which may be packed already
        var (alone, own) = Case.Sequence(b, Tensors with { GradOutput = zeros(Case.OutputShape) });
        return new(Factory, alone, own, Device);
    }

    private Finding Certify(int tanhError)
    {
        var finding = Certification.Of(Case, Tensors, Quantities, tanhError: tanhError);
        return finding.Evidence == Evidence.Undecided && Layers is { } layers
            ? Certification.Of(Case, Tensors, Quantities, new Inner(layers), tanhError: tanhError)
            : finding;
    }
}
