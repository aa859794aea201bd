using System.Globalization;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Folders;

/// <summary>case.csv: the options of a case and what made it, one key a row. Keys that are not known here are kept.</summary>
internal sealed class CaseKeys
{
    public const string FileName = "case.csv";

    private static readonly string[] required =
        "mode input_size hidden_size num_layers bias batch_first bidirectional dtype device engine engine_version source".Split(
            ' '
        );

    private readonly FixtureFile file;
    private readonly Dictionary<string, (int row, string value)> rows = [];

    private CaseKeys(FixtureFile file) => this.file = file;

    public IReadOnlyDictionary<string, string> All => rows.ToDictionary(r => r.Key, r => r.Value.value);

    public static CaseKeys Read(string folder)
    {
        var keys = new CaseKeys(new FixtureFile(Path.Combine(folder, FileName), "key", "value"));
        foreach (var (row, fields) in keys.file.Read())
            if (!keys.rows.TryAdd(fields[0], (row, fields[1])))
                throw keys.file.Refuse(row, $"{fields[0]} is there twice, first in row {keys.rows[fields[0]].row}");
        foreach (var key in required)
            if (!keys.rows.ContainsKey(key))
                throw keys.file.Refuse($"{key} is missing, the keys {string.Join(", ", required)} are expected");
        return keys;
    }

    /// <summary>The case of these keys. T and B come from the input, and are 1 here, unless the sequences are packed.</summary>
    public RnnCase Case(string id)
    {
        var options = new RnnOptions(
            Size("input_size"),
            Size("hidden_size"),
            Size("num_layers"),
            OneOf("mode", ("tanh", NonLinearities.Tanh), ("relu", NonLinearities.ReLU)),
            Flag("bias"),
            Flag("batch_first"),
            Bidirectional: Flag("bidirectional"),
            Dtype: OneOf("dtype", ("float32", ScalarType.Float32), ("float64", ScalarType.Float64))
        );
        OneOf("kind", ("rnn", true), ("cell", true));
        Flag("exact");
        if (rows.ContainsKey("dropout"))
            OneOf("dropout", ("0", true), ("0.0", true));
        var c = new RnnCase(id, rows["source"].value, 1, 1, options)
        {
            Document = rows.TryGetValue("document", out var document) ? document.value : "-",
            Unbatched = Flag("unbatched"),
            EnforceSorted = Flag("enforce_sorted"),
        };
        return rows.ContainsKey("lengths") ? Packed(c) : c;
    }

    public FixtureException Refuse(string key, string expected) =>
        file.Refuse(rows[key].row, $"{key} is '{rows[key].value}', {expected} is expected");

    private RnnCase Packed(RnnCase c)
    {
        const string expected = "at least one length from 1 on, with a space between two,";
        var words = rows["lengths"].value.Split(' ');
        var lengths = new List<long>();
        foreach (var word in words)
            lengths.Add(IsSize(word, out var length) ? length : throw Refuse("lengths", expected));
        if (c.EnforceSorted && !lengths.SequenceEqual(lengths.OrderDescending()))
            throw Refuse("lengths", "the longest first, since enforce_sorted is not false,");
        if (c.Unbatched)
            throw Refuse("lengths", "no such key in an unbatched case");
        return c with { Lengths = lengths, T = lengths.Max(), B = lengths.Count };
    }

    private long Size(string key) =>
        IsSize(rows[key].value, out var size) ? size : throw Refuse(key, $"a whole number from 1 to {int.MaxValue}");

    private static bool IsSize(string text, out int size) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size > 0;

    // What need not be said: false, but for enforce_sorted, as in pack_padded_sequence.
    private bool Flag(string key) =>
        rows.ContainsKey(key) ? OneOf(key, ("true", true), ("false", false)) : key == "enforce_sorted";

    private T? OneOf<T>(string key, params (string text, T value)[] values)
    {
        if (!rows.TryGetValue(key, out var found))
            return default;
        foreach (var (text, value) in values)
            if (text == found.value)
                return value;
        throw Refuse(key, string.Join(" or ", values.Select(v => v.text)));
    }
}
