using System.Globalization;
using Rnn.Parity.Cases;
using Rnn.Parity.Folders;
using Rnn.Parity.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Folders;

/// <summary>Writes what <see cref="CaseFolder"/> reads.</summary>
internal static class FolderWriting
{
    private static readonly string[] keyColumns = ["key", "value"];

    /// <summary>Writes the folder's two files; what was there is replaced.</summary>
    public static void Write(this CaseFolder folder, string path)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Directory.CreateDirectory(path);
        WriteKeys(Path.Combine(path, CaseKeys.FileName), Keys(folder.Case, folder.Keys));
        WriteTensors(Path.Combine(path, TensorRows.FileName), Tensors(folder));
    }

    /// <summary>Writes a file of keys and values.</summary>
    public static void WriteKeys(string path, IEnumerable<string[]> rows) => Write(path, rows.Prepend(keyColumns));

    /// <summary>Writes a file of the fixtures, header first.</summary>
    public static void Write(string path, IEnumerable<string[]> rows)
    {
        using var writer = new StreamWriter(path);
        CsvText.Write(writer, rows);
    }

    // The shortest decimal that reads back to the same bits, or nan, inf, -inf.
    private static string Text(double value, ScalarType dtype) =>
        double.IsNaN(value) ? "nan"
        : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf")
        : dtype == ScalarType.Float32 ? ((float)value).ToString("R", CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);

    // A case's options, then the keys that are not about them.
    private static IEnumerable<string[]> Keys(RnnCase c, IEnumerable<KeyValuePair<string, string>> others)
    {
        var o = c.Options;
        List<string[]> rows =
        [
            ["mode", o.NonLinearity == NonLinearities.ReLU ? "relu" : "tanh"],
            ["input_size", Text(o.InputSize)],
            ["hidden_size", Text(o.HiddenSize)],
            ["num_layers", Text(o.NumLayers)],
            ["bias", Text(o.Bias)],
            ["batch_first", Text(o.BatchFirst)],
            ["bidirectional", Text(o.Bidirectional)],
            ["dtype", DecimalText.Dtype(c.Dtype)],
        ];
        if (c.Unbatched)
            rows.Add(["unbatched", "true"]);
        if (c.Lengths is not null)
            rows.AddRange([
                ["lengths", string.Join(' ', c.Lengths.Select(Text))],
                ["enforce_sorted", Text(c.EnforceSorted)],
            ]);
        rows.Add(["source", c.Reason]);
        var known = rows.ConvertAll(r => r[0]);
        return [.. rows, .. others.Where(o => !known.Contains(o.Key)).Select(o => new[] { o.Key, o.Value })];
    }

    private static List<KeyValuePair<string, Tensor>> Tensors(CaseFolder folder)
    {
        var (tensors, shapes) = (folder.Tensors, new CaseShapes(folder.Case));
        List<KeyValuePair<string, Tensor>> all = [.. tensors.Weights, new("input", tensors.Input)];
        if (tensors.H_0 is not null)
            all.Add(new("h_0", tensors.H_0));
        all.AddRange([new("grad_output", tensors.GradOutput), new("grad_h_n", tensors.GradH_n), .. folder.Quantities]);
        if (folder.Inner is { } inner)
            all.AddRange(shapes.LayerOutputs.Zip(inner.Outputs, KeyValuePair.Create));
        if (folder.Inner?.Adjoints is { } adjoints)
            all.AddRange(shapes.Adjoints.Zip(adjoints.Select(folder.Case.AsOutput), KeyValuePair.Create));
        return all;
    }

    /// <summary>Writes tensors by name.</summary>
    public static void WriteTensors(string path, List<KeyValuePair<string, Tensor>> tensors) =>
        Write(path, tensors.SelectMany(t => Rows(t.Key, t.Value)).Prepend([.. TensorRows.File(path).Columns]));

    private static IEnumerable<string[]> Rows(string name, Tensor tensor)
    {
        var (dtype, shape) = (tensor.dtype, tensor.shape);
        return Index3
            .All(shape)
            .Zip(
                Matrix.Of(tensor).Values,
                (at, value) => (string[])[name, .. Fields(at, shape.Length), Text(value, dtype)]
            );
    }

    /// <summary>A place as in a file: three fields, the unused ones empty.</summary>
    internal static IEnumerable<string> Fields(Index3 at, int dimensions) =>
        at.Indices.Select((index, d) => d < dimensions ? Text(index) : "");

    private static string Text(long size) => size.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool flag) => flag ? "true" : "false";
}
