namespace Rnn.Parity.Folders;

/// <summary>The place of an element in a tensor of one to three dimensions; unused indices are zero.</summary>
internal readonly record struct Index3(int I, int J, int K)
{
    /// <summary>Every place of a shape, row-major, one after the other as asked for.</summary>
    public static IEnumerable<Index3> All(long[] shape)
    {
        for (var i = 0; i < shape[0]; i++)
        for (var j = 0; j < Size(shape, 1); j++)
        for (var k = 0; k < Size(shape, 2); k++)
            yield return new Index3(i, j, k);
    }

    public bool Inside(long[] shape) => I < shape[0] && J < Size(shape, 1) && K < Size(shape, 2);

    public string Text(int dimensions) => $"[{string.Join(", ", Indices.Take(dimensions))}]";

    public IEnumerable<int> Indices => [I, J, K];

    private static long Size(long[] shape, int dimension) => dimension < shape.Length ? shape[dimension] : 1;
}
