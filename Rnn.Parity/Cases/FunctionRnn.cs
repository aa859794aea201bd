using static TorchSharp.torch.nn;

namespace Rnn.Parity.Cases;

/// <summary>
/// One layer of one direction as a function of arrays: W_ih (H, I), W_hh (H, H), b_ih and b_hh (H), x (T, B, I) and h_0 (1,
/// B, H) to the output (T, B, H) and h_n (1, B, H).
/// </summary>
public delegate (T[,,] output, T[,,] h_n) RnnFunction<T>(T[,] W_ih, T[,] W_hh, T[] b_ih, T[] b_hh, T[,,] x, T[,,] h_0);

/// <summary>Such a function as a module. It has no gradients.</summary>
internal sealed class FunctionRnn<T> : Module<Tensor, Tensor?, (Tensor, Tensor)>
    where T : unmanaged
{
    private readonly RnnFunction<T> function;

    public FunctionRnn(RnnOptions options, RnnFunction<T> function)
        : base(nameof(FunctionRnn<>))
    {
        this.function = function;
        foreach (var name in options.WeightNames)
            register_parameter(name, Parameter(zeros(options.ShapeOf(name), options.Dtype)));
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h_0)
    {
        using var zero = zeros(1, input.shape[1], get_parameter("weight_hh_l0")!.shape[0], input.dtype);
        (string name, Array numbers)[] given =
        [
            .. ((string[])["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]).Select(name =>
                (name, Numbers(get_parameter(name)!))
            ),
            ("x", Numbers(input)),
            ("h_0", Numbers(h_0 ?? zero)),
        ];
        var before = Array.ConvertAll(given, g => g.numbers.Cast<T>().ToArray());
        var (output, h_n) = function(
            (T[,])given[0].numbers,
            (T[,])given[1].numbers,
            (T[])given[2].numbers,
            (T[])given[3].numbers,
            (T[,,])given[4].numbers,
            (T[,,])given[5].numbers
        );
        foreach (var ((name, numbers), kept) in given.Zip(before))
            if (!numbers.Cast<T>().SequenceEqual(kept))
                throw new RunException($"{name} is not what it was before the call: it is changed in place");
        return (
            from_array(output ?? throw new RunException("output is null, an array is expected")),
            from_array(h_n ?? throw new RunException("h_n is null, an array is expected"))
        );
    }

    private static Array Numbers(Tensor tensor) => tensor.detach().contiguous().data<T>().ToNDArray();
}
