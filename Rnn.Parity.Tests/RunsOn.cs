using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Machine;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests;

/// <summary>Finds the devices once, and names them with the versions at the top of the output.</summary>
[SetUpFixture]
public sealed class RunsOn
{
    private FullPrecision? precision;
    private Threads? threads;

    [OneTimeSetUp]
    public void Name()
    {
        // all of libtorch's threads where everything runs
        threads = Extent.IsWhole ? null : Threads.Each();
        var where = Surroundings.Current();
        TestContext.Error.WriteLine($"devices: {string.Join(", ", Surroundings.Devices)}; {where}");
        precision = new();
    }

    [OneTimeTearDown]
    public void SayWhatWasLeftOut()
    {
        precision?.Dispose();
        threads?.Dispose();
        TestContext.Error.WriteLine(Extent.Report);
    }

    public static Device Cuda()
    {
        if (!Surroundings.Devices.Contains("cuda"))
            Assert.Ignore("torch finds no CUDA device on this machine");
        return device("cuda");
    }
}
