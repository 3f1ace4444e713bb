using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>Calls, what is made, and elements: all that takes arguments.</summary>
internal sealed partial class OutlineReader
{
    private int ReadCall(InvocationExpressionSyntax call)
    {
        var arguments = call.ArgumentList.Arguments;
        var step = new Step { Kind = StepKind.Call, A = None };
        SimpleNameSyntax name;
        switch (call.Expression)
        {
            case IdentifierNameSyntax { Identifier.ValueText: "nameof" } when arguments.Count == 1:
                return Typed(TypeName.String);
            case IdentifierNameSyntax local when Find(local.Identifier.ValueText) is { } function:
                ReadArguments(arguments);
                return Add(new Step { Kind = StepKind.LocalCall, A = function });
            case SimpleNameSyntax own:
                // It may be a generic local function.
                if (own is GenericNameSyntax && Find(own.Identifier.ValueText) is not null)
                    return GiveUp();
                name = own;
                break;
            case MemberAccessExpressionSyntax access:
                step.A = Read(access.Expression);
                name = access.Name;
                break;
            case MemberBindingExpressionSyntax binding when _conditional.Count > 0:
                step.A = _conditional.Peek();
                name = binding.Name;
                break;
            default:
                // Whatever delegate that is, nobody here sees it, unless it is that of a field.
                _isUnclear |= IsNamed(call.Expression);
                Read(call.Expression);
                ReadArguments(arguments);
                return Unknown();
        }

        step.Name = name.Identifier.ValueText;
        step.TypeArguments = TypeName.ArgumentsOf(name);
        if (step.TypeArguments is null)
            return GiveUp();
        var firstOfArguments = _steps.Count;
        (step.ArgumentStart, step.ArgumentCount) = ReadArguments(arguments);
        var number = Add(step);
        Tie(firstOfArguments, number);
        return number;
    }

    private static bool IsNamed(ExpressionSyntax function) => function switch
    {
        ParenthesizedExpressionSyntax inner => IsNamed(inner.Expression),
        CastExpressionSyntax cast => IsNamed(cast.Expression),
        PostfixUnaryExpressionSyntax certain => IsNamed(certain.Operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression } conversion => IsNamed(conversion.Left),
        _ => function is SimpleNameSyntax or MemberAccessExpressionSyntax or MemberBindingExpressionSyntax or ConditionalAccessExpressionSyntax,
    };

    // The lambdas that are its arguments learn which call is theirs.
    private void Tie(int first, int call)
    {
        for (var i = 0; i < _steps[call].ArgumentCount; i++)
        {
            var argument = _arguments[_steps[call].ArgumentStart + i];
            if (argument < first || _steps[argument].Kind != StepKind.LambdaEnd)
                continue;
            var lambda = _steps[_steps[argument].A];
            lambda.A = call;
            lambda.B = i;
            _steps[_steps[argument].A] = lambda;
        }
    }

    private (int Start, int Count) ReadArguments(SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        // Theirs come behind them.
        var start = _arguments.Count;
        for (var i = 0; i < arguments.Count; i++)
            _arguments.Add(None);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            // Named ones may stand anywhere; then nothing is known of the order.
            _isUnclear |= argument.NameColon is not null
                && argument.Expression is AnonymousFunctionExpressionSyntax or DeclarationExpressionSyntax;
            _arguments[start + i] = Read(argument.Expression);
        }

        return (start, arguments.Count);
    }

    private int ReadCreation(ObjectCreationExpressionSyntax creation)
    {
        if (TypeName.Of(creation.Type) is not { } type)
            return GiveUp();
        var (start, count) = creation.ArgumentList is { } list ? ReadArguments(list.Arguments) : (0, 0);
        var made = Add(new Step
        {
            Kind = StepKind.Creation,
            Type = type,
            ArgumentStart = start,
            ArgumentCount = count,
        });
        ReadInitializer(creation.Initializer, made);
        return made;
    }

    private int ReadTargetCreation(ImplicitObjectCreationExpressionSyntax creation, int target, TypeName? type, StepFlags flags)
    {
        var (start, count) = ReadArguments(creation.ArgumentList.Arguments);
        var made = Add(new Step
        {
            Kind = StepKind.TargetCreation,
            A = target,
            Type = type,
            ArgumentStart = start,
            ArgumentCount = count,
            Flags = flags,
        });
        ReadInitializer(creation.Initializer, made);
        return made;
    }

    private void ReadInitializer(InitializerExpressionSyntax? initializer, int made)
    {
        if (initializer is null)
            return;
        foreach (var part in initializer.Expressions)
        {
            if (part is AssignmentExpressionSyntax { Left: var left } assignment
                && initializer.Kind() is SyntaxKind.ObjectInitializerExpression or SyntaxKind.WithInitializerExpression)
            {
                ReadPart(assignment, left, made);
            }
            else if (part is InitializerExpressionSyntax several)
            {
                foreach (var value in several.Expressions)
                    Read(value);
                AddCallOfAdd(made, several.Expressions.Count);
            }
            else
            {
                Read(part);
                AddCallOfAdd(made, 1);
            }
        }
    }

    private void AddCallOfAdd(int receiver, int count)
    {
        var value = Unknown();
        var start = _arguments.Count;
        for (var i = 0; i < count; i++)
            _arguments.Add(value);
        Add(new Step
        {
            Kind = StepKind.Call,
            A = receiver,
            Name = "Add",
            TypeArguments = [],
            ArgumentStart = start,
            ArgumentCount = count,
        });
    }

    private void ReadPart(AssignmentExpressionSyntax assignment, ExpressionSyntax left, int made)
    {
        var isNested = assignment.Right is InitializerExpressionSyntax;
        var flags = isNested ? StepFlags.Read : StepFlags.Written;
        var target = left switch
        {
            SimpleNameSyntax name => AddMember(made, name, flags),
            ImplicitElementAccessSyntax element => ReadElement(made, element.ArgumentList.Arguments, flags),
            _ => GiveUp(),
        };
        if (assignment.Right is InitializerExpressionSyntax nested)
            ReadInitializer(nested, target);
        else
            ReadValue(assignment.Right, target);
    }

    private int ReadValue(ExpressionSyntax value, int target) => value is ImplicitObjectCreationExpressionSyntax creation
        ? ReadTargetCreation(creation, target, null, StepFlags.None)
        : Read(value);

    private int ReadElement(int receiver, SeparatedSyntaxList<ArgumentSyntax> arguments, StepFlags flags)
    {
        if (arguments.Count == 1 && arguments[0].Expression is RangeExpressionSyntax)
            flags |= StepFlags.IsRange;
        else if (arguments.Any(static argument => argument.Expression.IsKind(SyntaxKind.IndexExpression)))
            flags |= StepFlags.IsFromEnd;
        var (start, count) = ReadArguments(arguments);
        return Add(new Step
        {
            Kind = StepKind.Element,
            A = receiver,
            ArgumentStart = start,
            ArgumentCount = count,
            Flags = flags,
        });
    }
}
