namespace Rnn.Parity.Exact;

/// <summary>
/// The tensors of a case as arrays of three dimensions: (T, B, ·), (L·D, B, H), weights (1, H, ·), biases (1, 1, H).
/// </summary>
internal static class CaseArrays
{
    /// <summary>Every given tensor by name: the weights, input, h_0 (zeros if left out), grad_output and grad_h_n.</summary>
    public static Dictionary<string, double[,,]> Of(RnnCase c, CaseTensors tensors)
    {
        using var scope = NewDisposeScope();
        var arrays = tensors.Weights.ToDictionary(w => w.Key, w => Read(w.Value));
        arrays["input"] = Read(c.TimeFirst(tensors.Input));
        arrays["grad_output"] = Read(c.TimeFirst(tensors.GradOutput));
        arrays["grad_h_n"] = Read(c.Unbatched ? tensors.GradH_n.unsqueeze(1) : tensors.GradH_n);
        arrays["h_0"] = tensors.H_0 is null
            ? new double[c.Options.NumLayers * c.Options.NumDirections, c.B, c.Options.HiddenSize]
            : Read(c.Unbatched ? tensors.H_0.unsqueeze(1) : tensors.H_0);
        return arrays;
    }

    /// <summary>A quantity of the recurrence as the case's tensors lie, in float64.</summary>
    public static Tensor ToTensor(RnnCase c, string quantity, double[,,] array)
    {
        var flat = tensor(array.Cast<double>().ToArray(), [array.GetLength(0), array.GetLength(1), array.GetLength(2)]);
        return quantity switch
        {
            "output" or "grad.input" => c.AsOutput(flat),
            "h_n" or "grad.h_0" => c.Unbatched ? flat.squeeze(1) : flat,
            _ when quantity.StartsWith("grad.bias", StringComparison.Ordinal) => flat.reshape(-1),
            _ => flat.squeeze(0),
        };
    }

    public static TTo[,,] Map<TFrom, TTo>(TFrom[,,] from, Func<TFrom, TTo> map) =>
        Of(from.GetLength(0), from.GetLength(1), from.GetLength(2), (i, j, k) => map(from[i, j, k]));

    /// <summary>The array of the values that a function has at each place.</summary>
    public static T[,,] Of<T>(int first, int second, int third, Func<int, int, int, T> value)
    {
        var array = new T[first, second, third];
        for (var i = 0; i < first; i++)
        for (var j = 0; j < second; j++)
        for (var k = 0; k < third; k++)
            array[i, j, k] = value(i, j, k);
        return array;
    }

    /// <summary>A tensor of one to three dimensions, the missing ones in front.</summary>
    public static double[,,] Read(Tensor tensor)
    {
        var (shape, values) = (tensor.shape, Matrix.Of(tensor).Values);
        var (first, second, third) = (shape.Length == 3 ? shape[0] : 1, shape.Length == 1 ? 1 : shape[^2], shape[^1]);
        return Of((int)first, (int)second, (int)third, (i, j, k) => values[(i * second + j) * third + k]);
    }
}
