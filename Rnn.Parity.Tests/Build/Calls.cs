using System.Reflection;
using System.Reflection.Emit;

namespace Rnn.Parity.Tests.Build;

/// <summary>What compiled methods call.</summary>
internal static class Calls
{
    private const BindingFlags Own =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Static
        | BindingFlags.Instance
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>Every method of an assembly, those of lambdas as well, and what it calls or refers to.</summary>
    public static IEnumerable<(MethodBase caller, MethodBase callee)> Of(Assembly assembly) =>
        from type in assembly.GetTypes()
        from caller in type.GetMethods(Own).Concat<MethodBase>(type.GetConstructors(Own))
        from callee in Of(caller)
        select (caller, callee);

    private static IEnumerable<MethodBase> Of(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i < il.Length; )
        {
            var code = codes[il[i] == 0xFE ? 0xFE00 | il[i + 1] : il[i]];
            i += code.Size;
            // a token may name a field or a type as well
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineTok)
                if (Resolve(method, BitConverter.ToInt32(il, i)) is MethodBase callee)
                    yield return callee;
            i += Size(code.OperandType, il, i);
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) =>
        method.Module.ResolveMember(
            token,
            method.DeclaringType?.GetGenericArguments(),
            method.IsGenericMethod ? method.GetGenericArguments() : null
        );

    // ECMA-335, III.1.9 and VI.C.2
    private static int Size(OperandType operand, byte[] il, int at) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
            _ => 4,
        };
}
