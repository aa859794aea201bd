using System.Diagnostics;
using System.Text.Json;

namespace Rnn.Parity.Tests;

/// <summary>A Python with torch that stays, since importing torch takes longer than anything that is asked of it.</summary>
internal sealed class TorchPython : IDisposable
{
    private const string Path = "/usr/bin/python3";

    // A line is a script, or the arguments of one that lies in a file; the answer is its status and what it wrote.
    private const string Loop = """
        import contextlib, io, json, os, runpy, sys, traceback, torch
        sys.path.insert(0, os.path.abspath("scripts"))
        print("ready", flush=True)
        for line in sys.stdin:
            script, *arguments = json.loads(line)
            sys.argv = arguments or [""]
            status, text = 0, io.StringIO()
            with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
                try:
                    runpy.run_path(sys.argv[0], run_name="__main__") if arguments else exec(script, {"torch": torch})
                except SystemExit as end:
                    status = end.code
                except BaseException:
                    status = 1
                    traceback.print_exc()
            print(json.dumps([str(status), text.getvalue()]), flush=True)
        """;

    private readonly Process process;

    private TorchPython(Process process) => this.process = process;

    /// <summary>Starts it.</summary>
    /// <returns>Null where there is none, or none with torch.</returns>
    public static TorchPython? Start()
    {
        if (!File.Exists(Path))
            return null;
        var start = new ProcessStartInfo(Path, ["-c", Loop])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var python = new TorchPython(Process.Start(start)!);
        python.process.BeginErrorReadLine();
        if (python.process.StandardOutput.ReadLine() is not null)
            return python;
        python.Dispose();
        return null;
    }

    /// <summary>Executes a script, for which torch is imported.</summary>
    public (int status, string output) Execute(string script) => Ask(script);

    /// <summary>Runs a script that lies in a file, with arguments.</summary>
    public (int status, string output) Run(string file, params string[] arguments) => Ask("", [file, .. arguments]);

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    private (int, string) Ask(string script, params string[] arguments)
    {
        process.StandardInput.WriteLine(JsonSerializer.Serialize((string[])[script, .. arguments]));
        var answer = JsonSerializer.Deserialize<string[]>(process.StandardOutput.ReadLine()!)!;
        return (int.Parse(answer[0], System.Globalization.CultureInfo.InvariantCulture), answer[1]);
    }
}
