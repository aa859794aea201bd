using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Rnn.Parity.Html;

/// <summary>Lines over the steps and maps over step and unit, as SVG whose colours are those of page.css.</summary>
internal static partial class Charts
{
    private const int Width = 380;
    private const int Height = 270;
    private const int MapColours = 6;

    private static readonly OxyColor grid = Colour(0);

    /// <summary>A line of numbers over the steps.</summary>
    public sealed record Lines(
        string? Name,
        int Colour,
        LineStyle Line,
        MarkerType Mark,
        IEnumerable<(int step, double value)> Points,
        bool Open = false
    );

    /// <summary>Lines over the steps, the other axis linear or logarithmic.</summary>
    public static XElement OverSteps(string title, IEnumerable<Lines> lines, bool logarithmic, int? began = null)
    {
        var plot = Empty(title, logarithmic ? new LogarithmicAxis { StringFormat = "0e0" } : new LinearAxis());
        plot.Legends.Add(
            new Legend
            {
                LegendPlacement = LegendPlacement.Outside,
                LegendPosition = LegendPosition.TopLeft,
                LegendOrientation = LegendOrientation.Horizontal,
                LegendSymbolLength = 26,
                LegendItemSpacing = 40,
                LegendLineSpacing = 6,
            }
        );
        foreach (var line in lines)
        {
            List<DataPoint> points = [.. line.Points.Select(p => new DataPoint(p.step, p.value))];
            var series = new LineSeries
            {
                Title = line.Name,
                Color = Colour(line.Colour),
                LineStyle = line.Line,
                MarkerType = line.Mark,
                MarkerSize = (line.Open ? 5 : 2.5) * (points.Count > 30 ? 0.6 : 1),
                MarkerFill = line.Open ? OxyColors.Transparent : Colour(line.Colour),
                MarkerStroke = Colour(line.Colour),
                MarkerStrokeThickness = 1.5,
            };
            series.Points.AddRange(points);
            plot.Series.Add(series);
        }
        if (began is { } step)
            plot.Annotations.Add(
                new LineAnnotation
                {
                    Type = LineAnnotationType.Vertical,
                    X = step,
                    Color = OxyColors.Black,
                    LineStyle = LineStyle.Dash,
                    MinimumSegmentLength = Height,
                }
            );
        return Svg(plot);
    }

    /// <summary>A map over step and unit on a logarithmic scale; zeros are blank, and one place has a frame.</summary>
    public static XElement Map(string title, double[,] values, int step, int unit, (int step, int unit) began)
    {
        var logarithms = values
            .Cast<double>()
            .Where(v => v > 0 && double.IsFinite(v))
            .Select(Math.Log10)
            .DefaultIfEmpty()
            .ToList();
        var (low, high) = (Math.Floor(logarithms.Min()), Math.Floor(logarithms.Max()) + 1);
        var (steps, units) = (values.GetLength(0), values.GetLength(1));
        var colours = new double[steps, units];
        for (var t = 0; t < steps; t++)
        for (var u = 0; u < units; u++)
            colours[t, u] = values[t, u] > 0 ? Math.Min(Math.Log10(values[t, u]), high) : double.NaN;
        var plot = Empty("unit", new LinearAxis { MinimumMajorStep = 1 });
        plot.Axes.Add(
            new LinearColorAxis
            {
                Position = AxisPosition.Right,
                Title = title,
                AxisTitleDistance = 24,
                Minimum = low,
                Maximum = high,
                MajorStep = Math.Ceiling((high - low) / 6),
                MinorTickSize = 0,
                LabelFormatter = exponent => FormattableString.Invariant($"1e{exponent:0}"),
                Palette = new(Enumerable.Range(4, MapColours).Select(Colour)),
                InvalidNumberColor = OxyColors.Transparent,
            }
        );
        plot.Series.Add(
            new HeatMapSeries
            {
                CoordinateDefinition = HeatMapCoordinateDefinition.Edge,
                X0 = step - 0.5,
                X1 = step + steps - 0.5,
                Y0 = unit - 0.5,
                Y1 = unit + units - 0.5,
                Data = colours,
                Interpolate = false,
                RenderMethod = HeatMapRenderMethod.Rectangles,
            }
        );
        plot.Annotations.Add(
            new RectangleAnnotation
            {
                MinimumX = began.step - 0.5,
                MaximumX = began.step + 0.5,
                MinimumY = began.unit - 0.5,
                MaximumY = began.unit + 0.5,
                Fill = OxyColors.Transparent,
                Stroke = OxyColors.Black,
                StrokeThickness = 2.5,
            }
        );
        return Svg(plot);
    }

    private static PlotModel Empty(string title, Axis other)
    {
        var plot = new PlotModel { DefaultFont = "sans-serif", DefaultFontSize = 13 };
        other.Position = AxisPosition.Left;
        other.Title = title;
        plot.Axes.Add(
            new LinearAxis
            {
                Position = AxisPosition.Bottom,
                Title = "step",
                MinimumMajorStep = 1,
            }
        );
        plot.Axes.Add(other);
        foreach (var axis in plot.Axes)
        {
            axis.MinorTickSize = 0;
            axis.AxisTitleDistance = 14;
            axis.MajorGridlineStyle = LineStyle.Solid;
            axis.MajorGridlineColor = grid;
            (axis.MinimumPadding, axis.MaximumPadding) = (0.04, 0.04);
        }
        return plot;
    }

    // Colours stand for the variables of page.css: rgb(3,0,0) is var(--c3), and black is the text's.
    private static OxyColor Colour(int number) => OxyColor.FromRgb((byte)(number == 0 ? 99 : number), 0, 0);

    private static XElement Svg(PlotModel plot)
    {
        var text = new SvgExporter { Width = Width, Height = Height }
            .ExportToString(plot)
            .Replace("black", "currentColor", StringComparison.Ordinal);
        var svg = XElement.Parse(Reds().Replace(text, "var(--c$1)"));
        // nothing lies outside of its axes, and names of clips would meet those of other charts
        svg.Descendants().Where(e => e.Name.LocalName == "defs").Remove();
        svg.DescendantsAndSelf().Attributes("clip-path").Remove();
        svg.Attributes("width").Remove();
        svg.Attributes("height").Remove();
        svg.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}"));
        svg.SetAttributeValue("role", "img");
        return svg;
    }

    [GeneratedRegex(@"rgb\((\d+),0,0\)")]
    private static partial Regex Reds();
}
