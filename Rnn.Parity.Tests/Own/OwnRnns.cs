using Rnn.Parity.Cases;
using Rnn.Scratch;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Own;

/// <summary>Parts of RNNs of one's own.</summary>
internal static class OwnRnns
{
    public static Tensor Inputs(ParameterRnn rnn, Tensor x) => x.mm(rnn.get_parameter("weight_ih_l0")!.t());

    public static Tensor Recurrent(ParameterRnn rnn, Tensor h) => h.mm(rnn.get_parameter("weight_hh_l0")!.t());

    // All in float64, which is rounded where it is put out.
    public static RnnFunction<float> Function(Func<double, double> φ) =>
        (W_ih, W_hh, b_ih, b_hh, x, h_0) =>
        {
            var (T, B, I, H) = (x.GetLength(0), x.GetLength(1), x.GetLength(2), h_0.GetLength(2));
            var (output, h_n) = (new float[T, B, H], new float[1, B, H]);
            for (var b = 0; b < B; b++)
            {
                var h = new double[H];
                for (var i = 0; i < H; i++)
                    h[i] = h_0[0, b, i];
                for (var t = 0; t < T; t++)
                {
                    var next = new double[H];
                    for (var i = 0; i < H; i++)
                    {
                        double z = b_ih[i] + (double)b_hh[i];
                        for (var k = 0; k < I; k++)
                            z += (double)W_ih[i, k] * x[t, b, k];
                        for (var k = 0; k < H; k++)
                            z += W_hh[i, k] * h[k];
                        next[i] = φ(z);
                        output[t, b, i] = (float)next[i];
                    }
                    h = next;
                }
                for (var i = 0; i < H; i++)
                    h_n[0, b, i] = (float)h[i];
            }
            return (output, h_n);
        };
}
