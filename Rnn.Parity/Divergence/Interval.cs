namespace Rnn.Parity.Divergences;

/// <summary>The values that a run can have for one that is exact, whatever order it adds in.</summary>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether a run's value can be a rounding of the exact one.</summary>
    public bool Contains(double value) =>
        double.IsNaN(Low) || double.IsNaN(High) ? double.IsNaN(value) : Low <= value && value <= High;

    /// <summary>The exact value, or nearly.</summary>
    public double Middle => Low == High ? Low : Low + (High - Low) / 2;

    /// <summary>Half of what lies between.</summary>
    public double Radius => Low == High ? 0 : (High - Low) / 2;

    /// <summary>The values that are farther away by a part of themselves, and by a number.</summary>
    public Interval Widen(double part, double number) =>
        new(Low - part * Math.Abs(Low) - number, High + part * Math.Abs(High) + number);

    /// <summary>What a function that never falls makes of the interval.</summary>
    public Interval Map(Func<double, double> f) => new(f(Low), f(High));
}
