using Spectre.Console;

namespace Rnn.Parity.Cli;

/// <summary>The console that reports are written to, with a progress bar where a person is watching.</summary>
internal static class Terminal
{
    /// <summary>The console of a writer; what is piped is not wrapped.</summary>
    public static IAnsiConsole Of(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = 1 << 20;
        return console;
    }

    public static T Watch<T>(this IAnsiConsole console, int parts, Func<Action, T> run) =>
        console.Profile.Out.IsTerminal
            ? console
                .Progress()
                .AutoClear(true)
                .Start(context =>
                {
                    var bar = context.AddTask("checks", maxValue: parts);
                    return run(() => bar.Increment(1));
                })
            : run(() => { });
}
