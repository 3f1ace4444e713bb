using System.Linq;
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
                return ReadChoice(choice.WhenTrue, choice.WhenFalse);
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
            Kind = StepKind.Member, A = receiver, Name = name.Identifier.ValueText, TypeArguments = arguments, Flags = flags,
        });
    }

    private int ReadConditional(ConditionalAccessExpressionSyntax conditional)
    {
        _conditional.Push(Read(conditional.Expression));
        var value = Read(conditional.WhenNotNull);
        _conditional.Pop();
        return value;
    }

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
                // Whatever delegate that is, nobody here sees it.
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
        if (arguments.Count == 0)
            return (0, 0);
        var values = new int[arguments.Count];
        for (var i = 0; i < values.Length; i++)
        {
            // Named ones may stand anywhere; then nothing is known of the order.
            _isUnclear |= arguments[i].NameColon is not null && arguments[i].Expression is AnonymousFunctionExpressionSyntax;
            values[i] = Read(arguments[i].Expression);
        }

        _arguments.AddRange(values);
        return (_arguments.Count - values.Length, values.Length);
    }

    private int ReadCreation(ObjectCreationExpressionSyntax creation)
    {
        if (TypeName.Of(creation.Type) is not { } type)
            return GiveUp();
        var (start, count) = creation.ArgumentList is { } list ? ReadArguments(list.Arguments) : (0, 0);
        var made = Add(new Step
        {
            Kind = StepKind.Creation, Type = type, ArgumentStart = start, ArgumentCount = count, Flags = StepFlags.IsMade,
        });
        ReadInitializer(creation.Initializer, made);
        return made;
    }

    private int ReadTargetCreation(ImplicitObjectCreationExpressionSyntax creation, int target, TypeName? type, StepFlags flags)
    {
        var (start, count) = ReadArguments(creation.ArgumentList.Arguments);
        var made = Add(new Step
        {
            Kind = StepKind.TargetCreation, A = target, Type = type, ArgumentStart = start, ArgumentCount = count,
            Flags = flags | StepFlags.IsMade,
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
            Kind = StepKind.Call, A = receiver, Name = "Add", TypeArguments = [], ArgumentStart = start, ArgumentCount = count,
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
            Kind = StepKind.Element, A = receiver, ArgumentStart = start, ArgumentCount = count, Flags = flags,
        });
    }

    private int ReadAssignment(AssignmentExpressionSyntax assignment)
    {
        if (assignment.Left is TupleExpressionSyntax or DeclarationExpressionSyntax)
            return ReadDeconstruction(assignment);
        var isSimple = assignment.IsKind(SyntaxKind.SimpleAssignmentExpression);
        var target = ReadTarget(assignment.Left, isSimple ? StepFlags.Written : StepFlags.Written | StepFlags.Read);
        var value = ReadValue(assignment.Right, target);
        if (!isSimple && !assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression))
            Add(new Step { Kind = StepKind.Operator, A = target, B = value, Name = Operators.NameOf(assignment.Kind()) });
        return Add(new Step { Kind = StepKind.Assign, A = target, B = value });
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
        if (assignment.Right is TupleExpressionSyntax tuple)
            return Read(tuple);
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
                    Kind = StepKind.Conversion, A = Read(binary.Left), Type = TypeName.Of((TypeSyntax)binary.Right),
                });
            case SyntaxKind.CoalesceExpression:
                return ReadChoice(binary.Left, binary.Right);
            default:
                return ReadTerms(binary);
        }
    }

    private int ReadChoice(ExpressionSyntax one, ExpressionSyntax other) =>
        AddChoice(Read(one), HasNoType(one), Read(other), HasNoType(other));

    private int AddChoice(int one, bool isOneTypeless, int other, bool isOtherTypeless) => isOtherTypeless ? one
        : isOneTypeless ? other
        : Add(new Step { Kind = StepKind.Choice, A = one, B = other });

    private static bool HasNoType(ExpressionSyntax value) => value.Kind() is SyntaxKind.ThrowExpression
        or SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression;

    // The left sides of a sum of many terms are within each other.
    private int ReadTerms(BinaryExpressionSyntax binary)
    {
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
        {
            var term = terms.Pop();
            var right = Read(term.Right);
            value = Add(new Step { Kind = StepKind.Operator, A = value, B = right, Name = Operators.NameOf(term.Kind()) });
        }

        return value;
    }

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

        return Typed(TypeName.String);
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
        if (function.Block is { } block)
            Read(block);
        else if (function.ExpressionBody is { } body)
            result = Read(body);
        Leave(scope);
        // An asynchronous one returns a task of its result.
        var isAsync = !function.AsyncKeyword.IsKind(SyntaxKind.None);
        return Add(new Step { Kind = StepKind.LambdaEnd, A = begin, B = isAsync ? None : result });
    }
}
