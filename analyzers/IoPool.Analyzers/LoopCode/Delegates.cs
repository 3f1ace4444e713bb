using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.LoopCode;

internal static class Delegates
{
    /// <summary>
    /// What a value that is a delegate was made of: an <see cref="IAnonymousFunctionOperation"/>, an
    /// <see cref="IMethodReferenceOperation"/>, or null when it is anything else.
    /// </summary>
    public static IOperation? FunctionOf(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IDelegateCreationOperation creation:
                    value = creation.Target;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                case IAnonymousFunctionOperation or IMethodReferenceOperation:
                    return value;
                default:
                    return null;
            }
        }
    }
}
