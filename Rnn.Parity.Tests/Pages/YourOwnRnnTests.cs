using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Pages;

/// <summary>scripts/export_rnn.py, and docs/your-own-rnn.md, whose commands are run as they stand there.</summary>
public sealed partial class YourOwnRnnTests
{
    private string folder = "";
    private TorchPython? python;

    [OneTimeSetUp]
    public void Find()
    {
        python = TorchPython.Start();
        if (python is null)
            Assert.Ignore("/usr/bin/python3 has no torch");
    }

    [OneTimeTearDown]
    public void End() => python?.Dispose();

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    [Long("exports, builds and verifies in processes, as the page does")]
    public void Every_command_of_the_page_does_what_it_says()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "your-own-rnn.md"));
        var blocks = page.Split("\n```sh\n")
            .Skip(1)
            .Select(b => b[..b.IndexOf("\n```", StringComparison.Ordinal)])
            .ToList();
        blocks.Count.ShouldBeGreaterThanOrEqualTo(5);
        var commands = string.Join('\n', blocks.Prepend("PATH=/usr/bin:$PATH"));
        var (status, output, errors) = Command.Run("/bin/bash", ["-euo", "pipefail", "-c", commands]);
        status.ShouldBe(0, output + errors);
        output += errors;
        // Which of them are identical and which certified depends on python3's BLAS.
        output.ShouldMatch("16 runs in 2 folders: .*, 0 failed");
        output.ShouldContain("8 runs in 1 folder: 8 certified, 0 failed");
        output.ShouldMatch("\n  h in layer 1, reverse, step 5, row 0, unit [0-7] is ");
        output.ShouldContain("\n  the term b_hh is missing: another function\n");
        output.ShouldContain("1 run in 1 folder: 1 failed");
    }

    [Test]
    public void A_pickle_that_executes_something_is_refused_and_nothing_happens()
    {
        var (file, proof) = (Path.Combine(folder, "evil.pt"), Path.Combine(folder, "executed"));
        Prepare(
            $"""
            class Evil:
                def __reduce__(self): return (open, ('{proof}', 'w'))
            torch.save(Evil(), '{file}')
            torch.save(Evil(), '{file}.old', _use_new_zipfile_serialization=False)
            """
        );
        Refused(
            $"{file}: a state dict is expected; this holds more than weights, or is damaged (UnpicklingError",
            "--weights",
            file
        );
        Refused(
            $"{file}.old: is no file that torch.save has written since 1.6, nor .safetensors",
            "--weights",
            file + ".old"
        );
        File.Exists(proof).ShouldBeFalse();
    }

    [Test]
    public void What_is_no_Elman_RNN_is_refused()
    {
        var file = Path.Combine(folder, "m.pt");
        Prepare(
            $"""
            torch.save(torch.nn.LSTM(2, 3).state_dict(), '{file}')
            torch.save(torch.nn.Linear(2, 3).state_dict(), '{file}2')
            torch.save(torch.nn.ModuleList([torch.nn.RNN(2, 3), torch.nn.RNN(2, 3)]).state_dict(), '{file}3')
            torch.jit.script(torch.nn.Linear(2, 3)).save('{file}5')
            import zipfile
            with zipfile.ZipFile('{file}') as whole, zipfile.ZipFile('{file}6', 'w') as damaged:
                for name in whole.namelist():
                    damaged.writestr(name, whole.read(name).replace(b'weight_hh', b'weight_' + bytes([255, 255])))
            """
        );
        Refused("weight_hh_l0 is (12, 3), as an LSTM has; an Elman RNN, (3, 3), is expected", "--weights", file);
        Refused(
            "there is no RNN: weight_ih_l0, a cell's weight_ih, or --rename is expected; the keys are 'weight', 'bias'",
            "--weights",
            file + "2"
        );
        Refused(
            "--prefix is expected, since there is not one RNN: the prefixes of weight_ih_l0 are '0', '1'",
            "--weights",
            file + "3"
        );
        Refused($"{file}5: is TorchScript, which is code; a state dict is expected", "--weights", file + "5");
        Refused($"{file}4: No such file or directory", "--weights", file + "4");
        Refused(
            "argument --steps: '0', a whole number from 1 to 2147483647 is expected",
            "--weights",
            file + "3",
            "--steps",
            "0"
        );
        Refused("argument --seed: '-1', a whole number from 0 to", "--weights", file + "3", "--seed", "-1");
        Refused(
            $"{file}6: a state dict is expected; this holds more than weights, or is damaged",
            "--weights",
            file + "6"
        );
        Refused("--object is 'nowhere', PACKAGE.MODULE:NAME is expected", "--object", "nowhere");
    }

    [Test]
    public void Safetensors_of_every_type_verify_as_the_state_dict_does()
    {
        Prepare(
            $$"""
            import json, struct
            kinds = {'F32': (torch.float32, torch.int32), 'F64': (torch.float64, torch.int64), 'BF16': (torch.bfloat16, torch.int16), 'F16': (torch.float16, torch.int16)}
            for kind, (dtype, bits) in kinds.items():
                header, data = {'__metadata__': dict(format='pt')}, b''
                for name, t in torch.nn.RNN(2, 3, bias=False).to(dtype).state_dict().items():
                    raw = t.contiguous().view(bits).numpy().tobytes()
                    header['rnn.' + name] = {'dtype': kind, 'shape': list(t.shape), 'data_offsets': [len(data), len(data) + len(raw)] }
                    data += raw
                text = json.dumps(header).encode()
                open('{{folder}}/' + kind + '.safetensors', 'wb').write(struct.pack('<Q', len(text)) + text + data)
            """
        );
        foreach (var kind in new[] { "F32", "F64", "BF16", "F16" })
        {
            var file = Path.Combine(folder, kind + ".safetensors");
            var (status, output) = Export(Path.Combine(folder, "exported", kind), "--weights", file);
            status.ShouldBe(0, output);
        }
        var verified = ParityProcess.Within(
            "verify",
            Path.Combine(folder, "exported"),
            "--certificate",
            Path.Combine(folder, "c.csv")
        );
        verified.status.ShouldBe(0, verified.errors + verified.output);
        verified.output.ShouldContain("32 runs in 4 folders:");

        var integers = Path.Combine(folder, "I32.safetensors");
        var text = File.ReadAllText(Path.Combine(folder, "F32.safetensors"), System.Text.Encoding.Latin1);
        File.WriteAllText(integers, text.Replace("F32", "I32", StringComparison.Ordinal), System.Text.Encoding.Latin1);
        Refused($"{integers}: rnn.weight_ih_l0 is I32, one of F64, F32, F16, BF16 is expected", "--weights", integers);
        var damaged = Path.Combine(folder, "F32.safetensors");
        File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..^1]);
        Refused($"{damaged}: rnn.weight_hh_l0 has 36 bytes, which F32 [3, 3] is not", "--weights", damaged);
    }

    private void Refused(string sentence, params string[] arguments)
    {
        var target = Path.Combine(folder, "refused");
        var (status, output) = Export(target, arguments);
        status.ShouldBe(2, output);
        output.ShouldStartWith("export_rnn.py: " + sentence);
        output.TrimEnd().ShouldNotContain("\n");
        Directory.Exists(target).ShouldBeFalse();
    }

    private (int status, string output) Export(string target, params string[] arguments) =>
        python!.Run(Path.Combine(Repository.Root, "scripts", "export_rnn.py"), [target, .. arguments]);

    private void Prepare(string script)
    {
        var (status, output) = python!.Execute(script);
        status.ShouldBe(0, output);
    }
}
