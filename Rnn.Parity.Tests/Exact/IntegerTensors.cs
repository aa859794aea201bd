using Rnn.Parity.Cases;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Exact;

/// <summary>Makes a drawn case one in which nothing rounds: small integers, for relu.</summary>
public static class IntegerTensors
{
    /// <summary>
    /// Replaces every tensor by integers from −1 to 1 (weights and cotangents) or −3 to 3 (input and h_0).
    /// </summary>
    /// <remarks>
    /// With |x| ≤ 3 and |W|, |b| ≤ 1 the magnitudes obey m_t = 3I + 2 + H m_{t−1}, m_0 = 3, and bound every partial sum
    /// in any order; so nothing rounds while m_T, and likewise the gradients' sums, stay below 2²⁴.
    /// </remarks>
    public static CaseTensors Of(CaseTensors t) => Of(t, 1);

    /// <summary>The same from another seed.</summary>
    public static CaseTensors Of(CaseTensors t, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(t);
        using var generator = new Generator(seed);
        return t with
        {
            Weights = t.Weights.ToDictionary(w => w.Key, w => Between(w.Value, 1)),
            Input = Between(t.Input, 3),
            H_0 = t.H_0 is null ? null : Between(t.H_0, 3),
            GradOutput = Between(t.GradOutput, 1),
            GradH_n = Between(t.GradH_n, 1),
        };

        // random_ leaves out its upper end.
        Tensor Between(Tensor like, int limit) => empty(like.shape, like.dtype).random_(-limit, limit + 1, generator);
    }
}
