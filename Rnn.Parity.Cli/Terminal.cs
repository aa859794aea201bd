using Spectre.Console;

namespace Rnn.Parity.Cli;

/// <summary>Runs checks, with a progress bar if it takes longer than a second and a person is watching.</summary>
/// <param name="output">What is written to.</param>
internal sealed class Terminal(TextWriter output)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1);

    /// <summary>Whether the output is piped: no colours, no lines, no wrapping.</summary>
    public bool Plain { get; } = IsPlain(output);

    /// <summary>The console that reports are written to.</summary>
    public IAnsiConsole Console { get; } = Create(output);

    /// <summary>Runs the work and shows how many of its parts are done.</summary>
    public T Watch<T>(int parts, Func<Action, T> run)
    {
        var done = 0;
        var work = Task.Run(() => run(() => Interlocked.Increment(ref done)));
        if (!Plain && Task.WaitAny([work], patience) < 0)
            Console.Progress().AutoClear(true).Start(context => Follow(context.AddTask("checks", maxValue: parts)));
        return work.GetAwaiter().GetResult();

        void Follow(ProgressTask bar)
        {
            while (!work.IsCompleted)
            {
                bar.Value = Volatile.Read(ref done);
                Task.WaitAny([work], TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static bool IsPlain(TextWriter output) => output != System.Console.Out || System.Console.IsOutputRedirected;

    private static IAnsiConsole Create(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (IsPlain(output))
            console.Profile.Width = 400;
        return console;
    }
}
