using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using Rnn.Parity.Bounds;
using Rnn.Parity.Diagnosis;

namespace Rnn.Parity.Html;

/// <summary>A chart, the sentence that says what it shows, and the table of its numbers.</summary>
internal sealed record Figure(
    string Caption,
    XElement Chart,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows
);

/// <summary>What a page shows of two runs: one sequence of one layer, and of much of it a part, which the captions name.</summary>
internal sealed class Figures
{
    private const int MostSteps = 64;
    private const int MostUnits = 32;

    private readonly Sides sides;
    private readonly Place? began;
    private readonly RecordedLayer layer;
    private readonly Matrix theirs;
    private readonly int b;
    private readonly int[] rows;

    /// <summary>Chooses the layer and the sequence in which the two part; the last layer, its first sequence, where they do not.</summary>
    public Figures(Sides sides)
    {
        (this.sides, began) = (sides, sides.Began);
        var both = sides.Mine.run.Recorded.Where(l => Theirs(l) is not null).ToList();
        began = began is not null && both.Contains(began.Layer) ? began : null;
        layer = began?.Layer ?? both.Last(l => !l.Reverse);
        theirs = Theirs(layer)!;
        b = began is null ? 0 : layer.Rows.Sequence(began.Row);
        rows = Part(layer.Rows.Of(b, reverse: false), began is null ? 0 : layer.Rows.Time(began.Row).t, MostSteps);
    }

    /// <summary>The states of three units, of that one in which the two part, in both runs.</summary>
    public Figure States()
    {
        var units = began is not null ? [began.Unit] : Enumerable.Range(0, Math.Min(3, layer.Size)).ToArray();
        var (mine, other) = (sides.Mine.name, sides.Theirs.name);
        // one unit leaves the colours to the runs
        var lines = began is { Unit: var only }
            ? new Charts.Lines[]
            {
                new(mine, 1, LineStyle.Solid, MarkerType.Circle, Points(layer.States!, only)),
                new(other, 2, LineStyle.Dash, MarkerType.Circle, Points(theirs, only), Open: true),
            }
            : units.SelectMany(
                (unit, i) =>
                    new Charts.Lines[]
                    {
                        new($"unit {unit}", i + 1, styles[i], MarkerType.Circle, Points(layer.States!, unit)),
                        new(null, i + 1, LineStyle.None, marks[i], Points(theirs, unit), Open: true),
                    }
            );
        return new(
            $"h in {Where}: {(units.Length == 1 ? "unit" : "units")} {string.Join(", ", units)} of {layer.Size}. Lines with dots: {mine}; open marks: {other}.{(began is null ? "" : " Dashed: the step in which they first differ.")}",
            Charts.OverSteps("h", lines, logarithmic: false, began is null ? null : Time(began.Row)),
            ["step", .. units.SelectMany(unit => new[] { $"unit {unit}, {mine}", $"unit {unit}, {other}" })],
            Table(row => units.SelectMany(unit => new[] { layer.States![row, unit], theirs[row, unit] }))
        );
    }

    /// <summary>|difference| by step and unit; null where the states are the same.</summary>
    public Figure? Differences()
    {
        if (began is null)
            return null;
        var units = Part([.. Enumerable.Range(0, layer.Size)], began.Unit, MostUnits);
        var values = new double[rows.Length, units.Length];
        for (var i = 0; i < rows.Length; i++)
        for (var j = 0; j < units.Length; j++)
            values[i, j] = Distance(rows[i], units[j]);
        return new(
            $"|{sides.Mine.name} − {sides.Theirs.name}| in {Where}, by step and unit{(units.Length < layer.Size ? $", units {units[0]} to {units[^1]} of {layer.Size}" : "")}. Blank: the same{(values.Cast<double>().All(double.IsFinite) ? "" : "; not finite: as the largest")}. The frame: where it began, {began}.",
            Charts.Map("|difference|", values, Time(rows[0]), units[0], (Time(began.Row), began.Unit)),
            ["step", .. units.Select(unit => $"unit {unit}")],
            Table(row => units.Select(unit => Distance(row, unit)))
        );
    }

    /// <summary>The error of both runs beside its bound, for the number of each step that comes nearest to its bound.</summary>
    public Figure Errors()
    {
        var (mine, other) = (Nearest(sides.Mine.run), Nearest(sides.Theirs.run));
        var (mineName, otherName) = (sides.Mine.name, sides.Theirs.name);
        var steps = rows.Select(Time).ToList();
        IEnumerable<(int, double)> Of(Dictionary<int, (double error, double bound)> all, bool bound) =>
            steps.Select(t => (t, bound ? all[t].bound : all[t].error));
        return new(
            $"At each step, the state whose error is the largest part of its bound: |error| beside the equation, and the bound{Steps}. An error of 0 is left out.",
            Charts.OverSteps(
                "|error|",
                [
                    new($"bound, {mineName}", 1, LineStyle.Solid, MarkerType.None, Of(mine, true)),
                    new($"error, {mineName}", 1, LineStyle.Dot, MarkerType.Circle, Of(mine, false)),
                    new($"bound, {otherName}", 2, LineStyle.Dash, MarkerType.None, Of(other, true)),
                    new($"error, {otherName}", 2, LineStyle.Dot, MarkerType.Square, Of(other, false), Open: true),
                ],
                logarithmic: true
            ),
            ["step", $"error, {mineName}", $"bound, {mineName}", $"error, {otherName}", $"bound, {otherName}"],
            [
                .. steps.Select(t =>
                    (string[])
                        [
                            Text(t),
                            .. new[] { mine[t], other[t] }.SelectMany(n =>
                                new[] { Bounded(n.error), Bounded(n.bound) }
                            ),
                        ]
                ),
            ]
        );
    }

    private static readonly LineStyle[] styles = [LineStyle.Solid, LineStyle.Dash, LineStyle.Dot];
    private static readonly MarkerType[] marks = [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle];

    private string Where => $"{layer.Name}, row {b} of {layer.Rows.Batch}{Steps}";

    private string Steps =>
        layer.Rows.Time(rows[0]).length is var all && rows.Length < all
            ? $", steps {Time(rows[0])} to {Time(rows[^1])} of {all}"
            : "";

    private Matrix? Theirs(RecordedLayer mine) => sides.Theirs.run.Layers[mine.Slot].States;

    private int Time(int row) => layer.Rows.Time(row).t;

    private IEnumerable<(int, double)> Points(Matrix states, int unit) =>
        rows.Select(row => (Time(row), states[row, unit]));

    private double Distance(int row, int unit) =>
        new ElementDifference([], layer.States![row, unit], theirs[row, unit], null).Distance;

    private List<string[]> Table(Func<int, IEnumerable<double>> numbers) =>
        [.. rows.Select(row => (string[])[Text(Time(row)), .. numbers(row).Select(Number)])];

    // 9 digits identify a float, 17 a double
    private string Number(double value) =>
        value.ToString(sides.Mine.run.Case.Dtype == ScalarType.Float64 ? "G17" : "G9", CultureInfo.InvariantCulture);

    private static string Bounded(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    // By step: of all layers whose states were recorded, of all sequences and units.
    private static Dictionary<int, (double error, double bound)> Nearest(Run run) =>
        (
            from layer in run.Recorded
            from i in Enumerable.Range(0, layer.Enclosures.Length)
            let e = layer.Enclosures[i]
            group (error: e.Error(layer.States!.Values[i]), e.Bound) by layer.Rows.Time(i / layer.Size).t
        ).ToDictionary(step => step.Key, step => step.MaxBy(n => (n.error == 0 ? 0 : n.error / n.Bound, n.Bound)));

    private static int[] Part(int[] all, int place, int most) =>
        all.Length <= most ? all : all[Math.Clamp(place - most / 2, 0, all.Length - most)..][..most];
}
