using System.Globalization;
using Rnn.Parity.Comparison;
using Rnn.Parity.Folders;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Notebooks;

/// <summary>The numbers that a document prints, as it prints them, from fixtures/documents.</summary>
public sealed class PublishedNumbers
{
    private readonly string document;
    private readonly ILookup<string, Entry> entries;

    private PublishedNumbers(string document, IEnumerable<Entry> entries)
    {
        this.document = document;
        this.entries = entries.ToLookup(e => e.Tensor);
    }

    /// <summary>Reads the numbers of a document, named by its three digits.</summary>
    /// <exception cref="FileNotFoundException">There are none; the sentence names the file.</exception>
    public static PublishedNumbers Of(string document)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "fixtures", "documents", $"{document}.csv");
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"fixtures/documents/{document}.csv is missing: restore it from the repository"
            );
        var rows = new FixtureFile(path, "tensor", "i", "j", "value").Read();
        return new PublishedNumbers(
            document,
            rows.Select(r => new Entry(r.fields[0], Index(r.fields[1]), Index(r.fields[2]), r.fields[3])).ToList()
        );

        static int Index(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>The values of one tensor, row by row, as text.</summary>
    public IReadOnlyList<string> this[string tensor] => entries[tensor].Select(e => e.Value).ToList();

    /// <summary>The values of one tensor, row by row.</summary>
    public float[] Values(string tensor) =>
        entries[tensor].Select(e => float.Parse(e.Value, CultureInfo.InvariantCulture)).ToArray();

    /// <summary>Prints computed tensors with the decimals of the published ones and compares the digits.</summary>
    /// <param name="computed">Tensors by their published name, of as many elements.</param>
    public Finding Compare(params (string name, Tensor tensor)[] computed)
    {
        ArgumentNullException.ThrowIfNull(computed);
        using var scope = NewDisposeScope();
        var differences = new List<string>();
        long count = 0;
        foreach (var (name, tensor) in computed)
        {
            var values = tensor.detach().cpu().reshape(-1).type(ScalarType.Float64);
            var published = entries[name].ToList();
            if (published.Count != values.numel())
                differences.Add($"{name} has {values.numel()} values, document {document} prints {published.Count}");
            else
                differences.AddRange(
                    published.Select((e, i) => Difference(e, values.select(0, i).item<double>())).OfType<string>()
                );
            count += published.Count;
        }
        return new Finding(differences.Count == 0 ? Evidence.Identical : Evidence.Differs, $"{count} published numbers")
        {
            Elements = count,
            Differing = differences.Count,
            Explanation =
                differences.Count == 0 ? null : string.Join("\n  ", differences.Prepend($"document {document}")),
        };
    }

    private static string? Difference(Entry published, double value)
    {
        var decimals = published.Value.Length - published.Value.IndexOf('.', StringComparison.Ordinal) - 1;
        var text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return text == published.Value
            ? null
            : $"{published.Tensor}[{published.I}, {published.J}] is {text}, {published.Value} is published";
    }

    private sealed record Entry(string Tensor, int I, int J, string Value);
}
