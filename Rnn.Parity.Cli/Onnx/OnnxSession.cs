using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using Rnn.Parity.Folders;
using ElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace Rnn.Parity.Cli.Onnx;

/// <summary>ONNX Runtime in this process, on the CPU, with one thread and the graph as it stands.</summary>
internal static partial class OnnxSession
{
    public static string Version => OrtEnv.Instance().GetVersionString();

    /// <summary>Runs a model and returns the values of the given names, which become outputs of its graph.</summary>
    public static Dictionary<string, Tensor> Run(
        string path,
        ModelProto model,
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyCollection<string> recorded
    )
    {
        var there = model.Graph.Output.Select(o => o.Name);
        model.Graph.Output.AddRange(recorded.Except(there).Select(name => new ValueInfoProto { Name = name }));
        try
        {
            using var options = new SessionOptions
            {
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
                IntraOpNumThreads = 1,
            };
            using var session = new InferenceSession(model.ToByteArray(), options);
            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            var values = inputs.ToDictionary(i => i.Key, i => Value(i.Value));
            try
            {
                using var results = session.Run(run, values, recorded);
                return recorded.Zip(results).ToDictionary(r => r.First, r => Read(path, r.First, r.Second));
            }
            finally
            {
                // what is recorded of an input lies in the input's own memory
                foreach (var value in values.Values)
                    value.Dispose();
            }
        }
        catch (OnnxRuntimeException e)
        {
            var words = Place().Replace(e.Message, "").Trim();
            throw new FixtureException($"{path}: ONNX Runtime {Version} does not run it: {words}");
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw new FixtureException($"ONNX Runtime could not be loaded: {e.GetBaseException().Message}");
        }
    }

    private static OrtValue Value(Tensor tensor) =>
        tensor.dtype switch
        {
            ScalarType.Int32 => OrtValue.CreateTensorValueFromMemory(tensor.data<int>().ToArray(), tensor.shape),
            ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.data<long>().ToArray(), tensor.shape),
            _ => OrtValue.CreateTensorValueFromMemory(tensor.data<float>().ToArray(), tensor.shape),
        };

    private static Tensor Read(string path, string name, OrtValue value)
    {
        var (type, shape) = (value.GetTensorTypeAndShape().ElementDataType, value.GetTensorTypeAndShape().Shape);
        return type switch
        {
            ElementType.Float => tensor(value.GetTensorDataAsSpan<float>().ToArray()).reshape(shape),
            ElementType.Int32 => tensor(value.GetTensorDataAsSpan<int>().ToArray()).reshape(shape),
            _ => throw new FixtureException($"{path}: '{name}' is {type}, Float is expected"),
        };
    }

    // What stands before the words: a code, the place in the source, the function.
    [GeneratedRegex(@"^\[ErrorCode:\w+\]|/\S+:\d+ .*?\)( \[with [^\]]*\])?(?= )")]
    private static partial Regex Place();
}
