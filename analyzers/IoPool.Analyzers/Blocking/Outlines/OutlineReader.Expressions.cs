using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

internal sealed partial class OutlineReader
{
    /// <summary>Adds the steps of an expression; the number of the one that has its value.</summary>
    private int Read(ExpressionSyntax expression)
    {
        if (_isUnclear || ++_depth > MaxDepth)
        {
            _isUnclear = true;
            return None;
        }

        var value = ReadExpression(expression);
        _depth--;
        return value;
    }

    private int ReadExpression(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case IdentifierNameSyntax or GenericNameSyntax:
                return ReadName((SimpleNameSyntax)expression, StepFlags.Read);
            case AliasQualifiedNameSyntax { Alias.Identifier.RawKind: (int)SyntaxKind.GlobalKeyword } global:
                return AddMember(Add(new Step { Kind = StepKind.Global }), global.Name, StepFlags.Read);
            case MemberAccessExpressionSyntax access:
                return AddMember(Read(access.Expression), access.Name, StepFlags.Read);
            case MemberBindingExpressionSyntax binding when _conditional.Count > 0:
                return AddMember(_conditional.Peek(), binding.Name, StepFlags.Read);
            case ConditionalAccessExpressionSyntax conditional:
                return ReadConditional(conditional);
            case InvocationExpressionSyntax call:
                return ReadCall(call);
            case ObjectCreationExpressionSyntax creation:
                return ReadCreation(creation);
            // For the type of a parameter, which is that of an overload.
            case ImplicitObjectCreationExpressionSyntax:
                return GiveUp();
            case ElementAccessExpressionSyntax element:
                return ReadElement(Read(element.Expression), element.ArgumentList.Arguments, StepFlags.Read);
            case ElementBindingExpressionSyntax binding when _conditional.Count > 0:
                return ReadElement(_conditional.Peek(), binding.ArgumentList.Arguments, StepFlags.Read);
            case AssignmentExpressionSyntax assignment:
                return ReadAssignment(assignment);
            case BinaryExpressionSyntax binary:
                return ReadBinary(binary);
            case PrefixUnaryExpressionSyntax unary:
                return ReadUnary(unary.Kind(), unary.Operand);
            case PostfixUnaryExpressionSyntax unary:
                return ReadUnary(unary.Kind(), unary.Operand);
            case ParenthesizedExpressionSyntax inner:
                return Read(inner.Expression);
            case CheckedExpressionSyntax inner:
                return Read(inner.Expression);
            case RefExpressionSyntax reference:
                return Read(reference.Expression);
            case CastExpressionSyntax cast:
                return Add(new Step { Kind = StepKind.Conversion, A = Read(cast.Expression), Type = TypeName.Of(cast.Type) });
            case ConditionalExpressionSyntax choice:
                Read(choice.Condition);
                return AddChoice(Read(choice.WhenTrue), HasNoType(choice.WhenTrue), Read(choice.WhenFalse), HasNoType(choice.WhenFalse));
            case AwaitExpressionSyntax awaited:
                return Add(new Step { Kind = StepKind.Await, A = Read(awaited.Expression) });
            case IsPatternExpressionSyntax test:
                ReadPattern(test.Pattern, Read(test.Expression));
                return Typed(TypeName.Bool);
            case SwitchExpressionSyntax choice:
                return ReadSwitch(choice);
            case ThrowExpressionSyntax thrown:
                Read(thrown.Expression);
                return Unknown();
            case ThisExpressionSyntax:
                return Add(new Step { Kind = StepKind.This });
            case BaseExpressionSyntax:
                return Add(new Step { Kind = StepKind.Base });
            case PredefinedTypeSyntax predefined:
                return Typed(TypeName.Of(predefined));
            case LiteralExpressionSyntax literal:
                return ReadLiteral(literal);
            case DefaultExpressionSyntax value:
                return Typed(TypeName.Of(value.Type));
            case TypeOfExpressionSyntax:
                return Add(new Step { Kind = StepKind.SystemType });
            case SizeOfExpressionSyntax:
                return Typed(TypeName.Int);
            case InterpolatedStringExpressionSyntax text:
                return ReadInterpolated(text);
            case AnonymousFunctionExpressionSyntax function:
                return ReadFunction(function);
            case RangeExpressionSyntax range:
                if (range.LeftOperand is not null)
                    Read(range.LeftOperand);
                if (range.RightOperand is not null)
                    Read(range.RightOperand);
                return Unknown();
            case DeclarationExpressionSyntax declaration:
                return ReadDesignation(declaration.Designation, TypeName.Of(declaration.Type));
            default:
                return ReadCollection(expression);
        }
    }

    private int GiveUp()
    {
        _isUnclear = true;
        return None;
    }

    private int ReadName(SimpleNameSyntax name, StepFlags flags)
    {
        if (name is IdentifierNameSyntax && Find(name.Identifier.ValueText) is { } local)
            return Add(new Step { Kind = StepKind.Local, A = local, Flags = flags });
        if (TypeName.ArgumentsOf(name) is not { } arguments)
            return GiveUp();
        return Add(new Step { Kind = StepKind.Name, A = None, Name = name.Identifier.ValueText, TypeArguments = arguments, Flags = flags });
    }

    private int AddMember(int receiver, SimpleNameSyntax name, StepFlags flags)
    {
        if (TypeName.ArgumentsOf(name) is not { } arguments)
            return GiveUp();
        return Add(new Step
        {
            Kind = StepKind.Member,
            A = receiver,
            Name = name.Identifier.ValueText,
            TypeArguments = arguments,
            Flags = flags,
        });
    }

    private int ReadConditional(ConditionalAccessExpressionSyntax conditional)
    {
        _conditional.Push(NotNull(Read(conditional.Expression)));
        var value = Read(conditional.WhenNotNull);
        _conditional.Pop();
        return Add(new Step { Kind = StepKind.MaybeNull, A = value });
    }

    private int NotNull(int value) => Add(new Step { Kind = StepKind.NotNull, A = value });

    private int ReadAssignment(AssignmentExpressionSyntax assignment)
    {
        if (assignment.Left is TupleExpressionSyntax or DeclarationExpressionSyntax)
            return ReadDeconstruction(assignment);
        var isSimple = assignment.IsKind(SyntaxKind.SimpleAssignmentExpression);
        var target = ReadTarget(assignment.Left, isSimple ? StepFlags.Written : StepFlags.Written | StepFlags.Read);
        var value = ReadValue(assignment.Right, target);
        if (!isSimple && !assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression))
            Add(new Step { Kind = StepKind.Operator, A = target, B = value, Name = Operators.NameOf(assignment.Kind()) });
        var assigned = Add(new Step { Kind = StepKind.Assign, A = target, B = value });
        return assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression)
            ? AddChoice(NotNull(assigned), isOneTypeless: false, value, HasNoType(assignment.Right))
            : assigned;
    }

    private int ReadTarget(ExpressionSyntax target, StepFlags flags)
    {
        switch (target)
        {
            case IdentifierNameSyntax name:
                return ReadName(name, flags);
            case MemberAccessExpressionSyntax access:
                return AddMember(Read(access.Expression), access.Name, flags);
            case MemberBindingExpressionSyntax binding when _conditional.Count > 0:
                return AddMember(_conditional.Peek(), binding.Name, flags);
            case ElementAccessExpressionSyntax element:
                return ReadElement(Read(element.Expression), element.ArgumentList.Arguments, flags);
            case ElementBindingExpressionSyntax binding when _conditional.Count > 0:
                return ReadElement(_conditional.Peek(), binding.ArgumentList.Arguments, flags);
            case ParenthesizedExpressionSyntax inner:
                return ReadTarget(inner.Expression, flags);
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } certain:
                return ReadTarget(certain.Operand, flags);
            case TupleExpressionSyntax tuple:
                foreach (var part in tuple.Arguments)
                    ReadTarget(part.Expression, flags);
                return Unknown();
            default:
                return Read(target);
        }
    }

    private int ReadDeconstruction(AssignmentExpressionSyntax assignment)
    {
        ReadTarget(assignment.Left, StepFlags.Written);
        // A part of a tuple may be taken apart as well.
        return Add(new Step { Kind = StepKind.Deconstruct, A = Read(assignment.Right) });
    }

    private int ReadBinary(BinaryExpressionSyntax binary)
    {
        switch (binary.Kind())
        {
            case SyntaxKind.IsExpression:
                Read(binary.Left);
                return Typed(TypeName.Bool);
            case SyntaxKind.AsExpression:
                return Add(new Step
                {
                    Kind = StepKind.Conversion,
                    A = Read(binary.Left),
                    Type = TypeName.Of((TypeSyntax)binary.Right),
                });
            case SyntaxKind.CoalesceExpression:
                return AddChoice(NotNull(Read(binary.Left)), isOneTypeless: false, Read(binary.Right), HasNoType(binary.Right));
            default:
                return ReadTerms(binary);
        }
    }

    private int AddChoice(int one, bool isOneTypeless, int other, bool isOtherTypeless) => isOtherTypeless ? one
        : isOneTypeless ? other
        : Add(new Step { Kind = StepKind.Choice, A = one, B = other });

    private static bool HasNoType(ExpressionSyntax value) => value.Kind() is SyntaxKind.ThrowExpression
        or SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression;

    // The left sides of a sum of many terms are within each other.
    private int ReadTerms(BinaryExpressionSyntax binary)
    {
        if (binary.Left is not BinaryExpressionSyntax && Operators.NameOf(binary.Kind()) is not null)
            return ReadTerm(Read(binary.Left), binary);
        var terms = new System.Collections.Generic.Stack<BinaryExpressionSyntax>();
        ExpressionSyntax first = binary;
        while (first is BinaryExpressionSyntax left && Operators.NameOf(left.Kind()) is not null)
        {
            terms.Push(left);
            first = left.Left;
        }

        if (terms.Count == 0)
            return GiveUp();
        var value = Read(first);
        while (terms.Count > 0)
            value = ReadTerm(value, terms.Pop());
        return value;
    }

    private int ReadTerm(int left, BinaryExpressionSyntax term) =>
        Add(new Step { Kind = StepKind.Operator, A = left, B = Read(term.Right), Name = Operators.NameOf(term.Kind()) });

    private int ReadUnary(SyntaxKind kind, ExpressionSyntax operand)
    {
        switch (kind)
        {
            case SyntaxKind.SuppressNullableWarningExpression:
                return Read(operand);
            case SyntaxKind.AddressOfExpression or SyntaxKind.PointerIndirectionExpression or SyntaxKind.IndexExpression:
                Read(operand);
                return Unknown();
            case SyntaxKind.PreIncrementExpression or SyntaxKind.PostIncrementExpression
                or SyntaxKind.PreDecrementExpression or SyntaxKind.PostDecrementExpression:
                var target = ReadTarget(operand, StepFlags.Written | StepFlags.Read);
                return Add(new Step { Kind = StepKind.Operator, A = target, B = None, Name = Operators.NameOf(kind) });
            default:
                return Operators.NameOf(kind) is { } name
                    ? Add(new Step { Kind = StepKind.Operator, A = Read(operand), B = None, Name = name })
                    : GiveUp();
        }
    }

    private int ReadLiteral(LiteralExpressionSyntax literal)
    {
        switch (literal.Kind())
        {
            case SyntaxKind.StringLiteralExpression:
                return Typed(TypeName.String);
            case SyntaxKind.CharacterLiteralExpression:
                return Typed(TypeName.Predefined(SyntaxKind.CharKeyword));
            case SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression:
                return Typed(TypeName.Bool);
            case SyntaxKind.NumericLiteralExpression:
                return Typed(literal.Token.Value switch
                {
                    int => TypeName.Int,
                    uint => TypeName.Predefined(SyntaxKind.UIntKeyword),
                    long => TypeName.Predefined(SyntaxKind.LongKeyword),
                    ulong => TypeName.Predefined(SyntaxKind.ULongKeyword),
                    float => TypeName.Predefined(SyntaxKind.FloatKeyword),
                    double => TypeName.Predefined(SyntaxKind.DoubleKeyword),
                    decimal => TypeName.Predefined(SyntaxKind.DecimalKeyword),
                    _ => null,
                });
            default:
                return Unknown();
        }
    }

    private int ReadInterpolated(InterpolatedStringExpressionSyntax text)
    {
        foreach (var content in text.Contents)
        {
            if (content is InterpolationSyntax hole)
                Add(new Step { Kind = StepKind.Text, A = Read(hole.Expression) });
        }

        return Add(new Step { Kind = StepKind.Interpolated });
    }

    private int ReadFunction(AnonymousFunctionExpressionSyntax function)
    {
        var scope = _visible.Count;
        var first = _localCount;
        switch (function)
        {
            case SimpleLambdaExpressionSyntax simple:
                Declare(simple.Parameter.Identifier, isParameter: true);
                break;
            case ParenthesizedLambdaExpressionSyntax lambda:
                _isUnclear |= lambda.AttributeLists.Count > 0;
                foreach (var parameter in lambda.ParameterList.Parameters)
                    Declare(parameter.Identifier, isParameter: true);
                break;
            case AnonymousMethodExpressionSyntax { ParameterList: { } list }:
                foreach (var parameter in list.Parameters)
                    Declare(parameter.Identifier, isParameter: true);
                break;
            // It fits whatever parameters a delegate has.
            case AnonymousMethodExpressionSyntax { ParameterList: null, Parent: ArgumentSyntax }:
                return GiveUp();
        }

        var start = _arguments.Count;
        var count = _localCount - first;
        for (var i = 0; i < count; i++)
            _arguments.Add(first + i);
        var begin = Add(new Step { Kind = StepKind.Lambda, A = None, ArgumentStart = start, ArgumentCount = count });
        if (function is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: var typed })
        {
            for (var i = 0; i < typed.Count; i++)
            {
                if (typed[i].Type is { } type)
                    Declare(first + i, None, TypeName.Of(type), isInferred: false);
            }
        }

        var result = None;
        _functionDepth++;
        if (function.Block is { } block)
            Read(block);
        else if (function.ExpressionBody is { } body)
            result = Read(body);
        _functionDepth--;
        Leave(scope);
        // An asynchronous one returns a task of its result.
        var isAsync = !function.AsyncKeyword.IsKind(SyntaxKind.None);
        return Add(new Step { Kind = StepKind.LambdaEnd, A = begin, B = isAsync ? None : result });
    }
}
