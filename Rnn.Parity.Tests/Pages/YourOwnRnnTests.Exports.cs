using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Pages;

public sealed partial class YourOwnRnnTests
{
    // Modules of the kinds that there are; each export is a line, and one process does them all.
    private const string Modules = """
        import pathlib, shutil, sys, types
        import torch
        from torch import nn
        from torch.nn.utils import prune, weight_norm
        sys.path.insert(0, 'scripts')
        sys.dont_write_bytecode = True
        import export_rnn
        sys.stderr = sys.stdout
        torch.manual_seed(1)
        module = sys.modules['made'] = types.ModuleType('made')

        def export(name, source, *options):
            if isinstance(source, nn.Module):
                setattr(module, name, source)
                given = ['--object', 'made:' + name]
            else:
                torch.save(source, folder / 'file.pt')
                given = ['--weights', str(folder / 'file.pt')]
            status = export_rnn.main([str(folder / 'exported' / name), *given, *options])
            if status != expected:
                print(name, 'gave', status)

        class Own(nn.Module):
            def __init__(self, last=lambda output, h: (output, h)):
                super().__init__()
                self.of_x, self.of_h, self.last = nn.Linear(3, 4), nn.Linear(4, 4), last

            def forward(self, x, h_0):
                h, states = h_0[0], []
                for x_t in x:
                    h = torch.tanh(self.of_x(x_t) + self.of_h(h))
                    states.append(h)
                return self.last(torch.stack(states), h)

        class Dropped(nn.Module):
            def __init__(self, owner):
                super().__init__()
                self.module, self.owner = nn.RNN(3, 4), owner
                weight = self.module._parameters.pop('weight_hh_l0')
                (self if owner == 'wrapper' else self.module).register_parameter('weight_hh_l0_raw', weight)
                if owner == 'wrapper':
                    self.module.weight_hh_l0 = nn.functional.dropout(weight.data, 0.5)

            def forward(self, *inputs):
                raw = (self if self.owner == 'wrapper' else self.module).weight_hh_l0_raw
                self.module.weight_hh_l0 = nn.functional.dropout(raw, 0.5, self.training).clone()
                return self.module(*inputs)

        class InPlace(nn.RNN):
            def forward(self, x, h_0=None):
                with torch.no_grad():
                    x.mul_(2)
                return super().forward(x, h_0)

        rnn, cell, own = nn.RNN(3, 4, 2, bidirectional=True), nn.RNNCell(3, 4, nonlinearity='relu'), Own()
        names = {'of_x.weight': 'weight_ih_l0', 'of_h.weight': 'weight_hh_l0', 'of_x.bias': 'bias_ih_l0', 'of_h.bias': 'bias_hh_l0'}
        renames = [word for pair in names.items() for word in ('--rename', '='.join(pair))]

        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = nn.ModuleDict({'rnn': nn.RNN(3, 4)})
                self.gated, self.head = nn.LSTM(3, 4), nn.Linear(4, 1)

        model = Model()
        adam = torch.optim.Adam(model.parameters())
        sum(p.sum() for p in model.parameters()).backward()
        adam.step()
        weights = model.state_dict()
        parallel = {'module.' + name: weight for name, weight in weights.items()}

        """;

    [Test]
    [Long("starts Python with PyTorch to export every kind of RNN")]
    public void Every_kind_of_RNN_that_can_be_exported_is_certified()
    {
        Drive(
                expected: 0,
                """
                export('state_dict', {'state_dict': weights})
                export('model_state_dict', {'epoch': 3, 'loss': 0.5, 'model_state_dict': parallel, 'optimizer': adam.state_dict()})
                export('model', {'model': rnn.state_dict(), 'best': None, 'args': ['a', 1]})
                export('prefix', parallel, '--prefix', 'encoder.rnn')
                export('part_of_a_prefix', {'model': {'a': rnn.state_dict(), 'b': rnn.state_dict()} }, '--prefix', 'b')
                export('cell', cell.state_dict(), '--nonlinearity', 'relu')
                export('cell_batch_first', nn.Sequential(cell).state_dict(), '--batch-first')
                export('cell_object', cell, '--unbatched')
                export('cell_weight_norm', weight_norm(nn.RNNCell(3, 4), 'weight_hh'))
                orthogonal = nn.RNNCell(3, 4, bias=False)
                nn.utils.parametrizations.orthogonal(orthogonal, 'weight_hh')
                export('cell_orthogonal', orthogonal)
                export('renamed', own.state_dict(), *renames)
                export('renamed_object', nn.ModuleDict({'inner': own, 'other': nn.RNN(3, 4)}), *renames, '--prefix', 'inner')
                layers = {name.replace('_l0', '.lower').replace('_l1', '.upper'): weight for name, weight in nn.RNN(3, 4, 2).state_dict().items()}
                export('renamed_layers', layers, *(word for name in layers for word in
                       ('--rename', name + '=' + name.replace('.lower', '_l0').replace('.upper', '_l1'))))
                export('weight_norm', weight_norm(weight_norm(nn.RNN(3, 4), 'weight_hh_l0'), 'weight_ih_l0'), '--lengths', '4', '1')
                export('pruned', prune.random_unstructured(nn.RNN(3, 4), 'weight_hh_l0', 0.5))
                export('dropped_in_wrapper', nn.ModuleList([Dropped('wrapper'), nn.LSTM(4, 4)]))
                export('dropped_in_rnn', nn.ModuleList([Dropped('rnn')]), '--prefix', '0')
                export('unbatched', rnn.state_dict(), '--unbatched')
                torch.save(torch.randn(5, 3), folder / 'input.pt')
                export('unbatched_input', nn.RNN(3, 4, batch_first=True), '--unbatched', '--input', str(folder / 'input.pt'))
                export('packed', rnn.state_dict(), '--lengths', '5', '3', '2')
                export('packed_unsorted', nn.RNN(3, 4, 2, batch_first=True, bidirectional=True), '--lengths', '2', '5', '3', '5')
                export('packed_double', nn.RNN(3, 4, bias=False).double().state_dict(), '--lengths', '1', '4')
                export('state_without_layers', own, *renames)
                export('state_batch_first', Own(lambda output, h: [output, h.unsqueeze(1)]), *renames)
                """
            )
            .ShouldNotContain("gave");
        Keys("cell").ShouldContain("kind,cell");
        Keys("unbatched").ShouldContain("unbatched,true");
        Keys("packed").ShouldContain("lengths,5 3 2\nenforce_sorted,true");
        Keys("packed_unsorted").ShouldContain("batch_first,true\nlengths,2 5 3 5\nenforce_sorted,false");
        Keys("model_state_dict").ShouldContain("\"file.pt, model_state_dict.module.encoder.rnn\"");
        // a plain loop has the bits of nn.RNN, packed or not
        foreach (var name in new[] { "state_dict", "unbatched", "packed", "packed_unsorted" })
            File.ReadAllText(Path.Combine(folder, "exported", name, "tensors.csv")).ShouldContain("\ngrad.h_l0,");
        var verified = ParityProcess.Within(
            "verify",
            Path.Combine(folder, "exported"),
            "--certificate",
            Path.Combine(folder, "c.csv")
        );
        verified.status.ShouldBe(0, verified.errors + verified.output);
        verified.output.ShouldMatch("runs in 24 folders: .*, 0 failed");
    }

    [Test]
    public void Every_refusal_is_a_sentence_that_names_the_keys_and_leaves_nothing()
    {
        const string cell = "'weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'";
        const string layer = "'weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'";
        const string own = "'of_x.weight', 'of_x.bias', 'of_h.weight', 'of_h.bias'";
        var sentences = Drive(
                expected: 2,
                """
                export('a', nn.LSTMCell(3, 4).state_dict())
                export('a', nn.GRU(3, 4))
                export('a', parallel, '--prefix', 'gated')
                export('a', nn.ModuleList([nn.RNN(3, 4), nn.RNN(3, 4), nn.GRU(3, 4)]).state_dict())
                export('a', parallel, '--prefix', 'decoder')
                export('a', {'epoch': 1})
                export('a', {str(i): torch.zeros(1) for i in range(22)})
                export('a', [1, 2])
                export('a', weight_norm(nn.RNN(3, 4), 'weight_hh_l0').state_dict())
                export('a', {name: w for name, w in rnn.state_dict().items() if '_l1' not in name and 'bias_hh_l0' != name})
                export('a', own.state_dict(), '--rename', 'mine=weight_ih_l0')
                export('a', own.state_dict(), '--rename', 'of_x.weight=mine')
                export('a', own.state_dict(), *renames[:2])
                export('a', own.state_dict(), *renames, *renames[:2])
                export('a', cell.state_dict(), '--lengths', '2', '1')
                export('a', rnn.state_dict(), '--lengths', '2', '1', '--unbatched')
                torch.save(torch.randn(5, 3), folder / 'input.pt')
                export('a', rnn.state_dict(), '--input', str(folder / 'input.pt'))
                torch.save(torch.randn(6, 2, 3), folder / 'input.pt')
                export('a', rnn.state_dict(), '--lengths', '5', '4', '--input', str(folder / 'input.pt'))
                export('a', Own(lambda output, h: (output, h.t())), *renames)
                export('a', Own(lambda output, h: output), *renames)
                export('a', Own(lambda output, h: (output, None)), *renames)
                export('a', Own(lambda output, h: (output.double(), h)), *renames)
                export('a', Own(lambda output, h: (output.detach(), h.detach())), *renames)
                export('a', Own(lambda output, h: (output * 0 + 1, 1 / 0)), *renames)
                export('a', Own(lambda output, h: sys.exit(5)), *renames)
                export('a', InPlace(3, 4))
                export('b', Dropped('rnn').module)
                (folder / 'exported' / 'a').mkdir(parents=True)
                export('a', rnn.state_dict())
                (folder / 'exported' / 'a').rmdir()
                """
            )
            .Replace("export_rnn.py: ", "", StringComparison.Ordinal)
            .Replace(folder + "/", "", StringComparison.Ordinal)
            .TrimEnd()
            .Split('\n');
        string[] expected =
        [
            $"weight_hh is (16, 4), as an LSTM has; an Elman RNN, (4, 4), is expected; the keys are {cell}",
            $"weight_hh_l0 is (12, 4), as a GRU has; an Elman RNN, (4, 4), is expected; the keys are {layer}",
            $"module.gated.weight_hh_l0 is (16, 4), as an LSTM has; an Elman RNN, (4, 4), is expected; the keys are {layer.Replace("'w", "'module.gated.w", StringComparison.Ordinal).Replace("'b", "'module.gated.b", StringComparison.Ordinal)}",
            "--prefix is expected, since there is not one RNN: the prefixes of weight_ih_l0 are '0', '1', '2' (a GRU)",
            "--prefix is 'decoder', and the prefixes of weight_ih_l0 are 'module.encoder.rnn', 'module.gated' (an LSTM)",
            "there is no RNN: weight_ih_l0, a cell's weight_ih, or --rename is expected; there are no keys of tensors",
            "there is no RNN: weight_ih_l0, a cell's weight_ih, or --rename is expected; the keys are "
                + string.Join(", ", Enumerable.Range(0, 20).Select(i => $"'{i}'"))
                + " and 2 more",
            "file.pt: holds a list, a dictionary of tensors is expected",
            "weight_hh_l0_g is part of a weight that a module computes, so that --object is expected; the keys are 'weight_ih_l0', 'bias_ih_l0', 'bias_hh_l0', 'weight_hh_l0_g', 'weight_hh_l0_v'",
            "bias_hh_l0 is missing, (4,) is expected; the keys are 'weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'weight_ih_l0_reverse', 'weight_hh_l0_reverse', 'bias_ih_l0_reverse', 'bias_hh_l0_reverse'",
            $"--rename is 'mine=weight_ih_l0', and no key ends in 'mine'; the keys are {own}",
            "--rename is 'of_x.weight=mine', OWN=NAME is expected, and NAME such as weight_ih_l0",
            "weight_ih_l0 (H, I) and weight_hh_l0 (H, H) are expected; the keys are 'of_x.weight'",
            $"--rename is 'of_x.weight=weight_ih_l0', and there is a 'weight_ih_l0' already; the keys are {own}",
            "--lengths is for a batch that nn.RNN reads, and this is a cell",
            "--lengths is for a batch that nn.RNN reads, and this is unbatched",
            "input is (5, 3), (T, B, 3), or --unbatched, is expected",
            "input is (6, 2, 3), (5, 2, 3) is expected",
            "the RNN's h_n is (4, 3), (1, 3, 4) is expected",
            "the RNN returned a Tensor, (output, h_n) is expected",
            "the RNN's h_n is a NoneType, (1, 3, 4) is expected",
            "the RNN's output is float64, float32 is expected",
            "the RNN's output requires no gradient: it is detached, or computed under no_grad",
            "the RNN could not be run forward and backward: ZeroDivisionError: division by zero",
            "the RNN could not be run forward and backward: SystemExit: 5",
            "the RNN changes its input in place, which nn.RNN leaves as it is",
            "the RNN could not be run forward and backward: ",
            "exported/a is there already; nothing is overwritten",
        ];
        foreach (var (sentence, wanted) in sentences.Zip(expected))
            sentence.ShouldStartWith(wanted);
        sentences.Length.ShouldBe(expected.Length);
        Directory.EnumerateFileSystemEntries(Path.Combine(folder, "exported")).ShouldBeEmpty();
    }

    private string Keys(string name) => File.ReadAllText(Path.Combine(folder, "exported", name, "case.csv"));

    private string Drive(int expected, string exports)
    {
        var settings = $"folder, expected = pathlib.Path('{folder}'), {expected}\n";
        var (status, output) = python!.Execute(Modules + settings + exports);
        status.ShouldBe(0, output);
        return output;
    }
}
