using System.Globalization;

namespace Rnn.Parity.Folders;

/// <summary>A file of tensors, one element a row. What is announced takes no memory, only what is there.</summary>
internal sealed class TensorRows
{
    public const string FileName = "tensors.csv";

    private readonly FixtureFile file;
    private readonly ScalarType dtype;
    private readonly Dictionary<string, Dictionary<Index3, (int row, double value)>> tensors = [];

    private TensorRows(FixtureFile file, ScalarType dtype) => (this.file, this.dtype) = (file, dtype);

    public static FixtureFile File(string path) => new(path, "tensor", "i", "j", "k", "value");

    public IReadOnlyCollection<string> Names => tensors.Keys;

    /// <summary>Reads every row; each is of a tensor that such a case has, with as many indices as it has.</summary>
    public static TensorRows Read(string path, RnnCase c)
    {
        var rows = new TensorRows(File(path), c.Dtype);
        var shapes = new CaseShapes(c);
        foreach (var (row, fields) in rows.file.Read())
            rows.Add(row, fields, shapes.Of(fields[0])?.Length);
        return rows;
    }

    /// <summary>The case with T and B as the input's greatest indices have them.</summary>
    public RnnCase WithSizes(RnnCase c)
    {
        if (!tensors.TryGetValue("input", out var input) || c.Lengths is not null)
            return c;
        var (i, j) = (input.Keys.Max(at => (long)at.I) + 1, input.Keys.Max(at => (long)at.J) + 1);
        return c.Unbatched ? c with { T = i }
            : c.Options.BatchFirst ? c with { T = j, B = i }
            : c with { T = i, B = j };
    }

    /// <summary>The tensors, on the CPU; each has the shape that the case gives it, and those that are required are there.</summary>
    public Dictionary<string, Tensor> ToTensors(CaseShapes shapes, IEnumerable<string> required)
    {
        foreach (var name in required)
            if (!tensors.ContainsKey(name))
                throw file.Refuse($"{name} is missing");
        var values = tensors.ToDictionary(t => t.Key, t => Values(t.Key, shapes.Of(t.Key)));
        return values.ToDictionary(t => t.Key, t => tensor(t.Value, shapes.Of(t.Key)!).type(dtype));
    }

    public FixtureException Refuse(string sentence) => file.Refuse(sentence);

    private void Add(int row, string[] fields, int? dimensions)
    {
        var name = fields[0];
        if (dimensions is not { } used)
            throw file.Refuse(row, $"'{name}' is unknown, a case like this has no tensor of that name");
        var at = new Index3(Place(row, fields, 1, used), Place(row, fields, 2, used), Place(row, fields, 3, used));
        if (DecimalText.Read(fields[4], dtype, out var value) is { } wrong)
            throw file.Refuse(row, wrong);
        if (!tensors.TryGetValue(name, out var elements))
            tensors[name] = elements = [];
        if (!elements.TryAdd(at, (row, value)))
            throw file.Refuse(row, $"{name}{at.Text(used)} is there twice, first in row {elements[at].row}");
    }

    private int Place(int row, string[] fields, int column, int used)
    {
        var (name, text) = ("?ijk"[column], fields[column]);
        if (column > used)
            return text.Length == 0
                ? 0
                : throw file.Refuse(row, $"{name} is '{text}', nothing is expected: {fields[0]} has {used} dimensions");
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < int.MaxValue
            ? index
            : throw file.Refuse(row, $"{name} is '{text}', a whole number from 0 to {int.MaxValue - 1} is expected");
    }

    private double[] Values(string name, long[]? shape)
    {
        var elements = tensors[name];
        if (shape is null)
            throw file.Refuse(elements.Values.Min(e => e.row), $"{name} is there, and h_0 is not");
        foreach (var (at, (row, _)) in elements)
            if (!at.Inside(shape))
                throw file.Refuse(
                    row,
                    $"{name}{at.Text(shape.Length)} lies outside ({string.Join(", ", shape)}), its shape"
                );
        var announced = shape.Aggregate((Int128)1, (product, size) => product * size);
        var order = Index3.All(shape);
        if (elements.Count != announced)
            throw file.Refuse(
                $"{name}{order.First(at => !elements.ContainsKey(at)).Text(shape.Length)} is missing, {announced} elements are expected: ({string.Join(", ", shape)})"
            );
        return [.. order.Select(at => elements[at].value)];
    }
}
