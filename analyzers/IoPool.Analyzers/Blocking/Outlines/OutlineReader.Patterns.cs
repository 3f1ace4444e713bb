using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

internal sealed partial class OutlineReader
{
    private int ReadSwitch(SwitchExpressionSyntax choice)
    {
        var value = Read(choice.GoverningExpression);
        var result = None;
        var isTypeless = true;
        foreach (var arm in choice.Arms)
        {
            var scope = _visible.Count;
            ReadPattern(arm.Pattern, value);
            if (arm.WhenClause is { } guard)
                Read(guard.Condition);
            var of = Read(arm.Expression);
            result = result == None ? of : AddChoice(result, isOneTypeless: isTypeless, of, HasNoType(arm.Expression));
            isTypeless &= HasNoType(arm.Expression);
            Leave(scope);
        }

        return result == None ? Unknown() : result;
    }

    private void ReadPattern(PatternSyntax pattern, int value)
    {
        if (_isUnclear || ++_depth > MaxDepth)
        {
            _isUnclear = true;
            return;
        }

        switch (pattern)
        {
            case DiscardPatternSyntax or TypePatternSyntax:
                break;
            case ConstantPatternSyntax constant:
                ReadConstant(constant.Expression);
                break;
            case RelationalPatternSyntax relation:
                Read(relation.Expression);
                break;
            case DeclarationPatternSyntax declaration:
                ReadDesignation(declaration.Designation, TypeName.Of(declaration.Type));
                break;
            case VarPatternSyntax { Designation: SingleVariableDesignationSyntax or DiscardDesignationSyntax } any:
                ReadDesignation(any.Designation, value);
                break;
            case UnaryPatternSyntax unary:
                ReadPattern(unary.Pattern, value);
                break;
            case ParenthesizedPatternSyntax inner:
                ReadPattern(inner.Pattern, value);
                break;
            case BinaryPatternSyntax binary:
                ReadPattern(binary.Left, value);
                ReadPattern(binary.Right, value);
                break;
            case RecursivePatternSyntax { PositionalPatternClause: null } recursive:
                ReadProperties(recursive, value);
                break;
            default:
                _isUnclear = true;
                break;
        }

        _depth--;
    }

    // A type looks like a constant there, and both are names.
    private void ReadConstant(ExpressionSyntax constant)
    {
        if (constant is not TypeSyntax type || constant is SimpleNameSyntax)
            Read(constant);
        else if (TypeName.Of(type) is null)
            _isUnclear = true;
    }

    private void ReadProperties(RecursivePatternSyntax pattern, int value)
    {
        var of = pattern.Type is { } type ? Typed(TypeName.Of(type)) : NotNull(value);
        foreach (var part in pattern.PropertyPatternClause?.Subpatterns ?? default)
        {
            var member = part.ExpressionColon?.Expression is { } path ? ReadPath(path, of) : GiveUp();
            ReadPattern(part.Pattern, member);
        }

        if (pattern.Designation is { } designation)
            ReadDesignation(designation, of);
    }

    private int ReadPath(ExpressionSyntax path, int value) => path switch
    {
        SimpleNameSyntax name => AddMember(value, name, StepFlags.Read),
        MemberAccessExpressionSyntax access => AddMember(NotNull(ReadPath(access.Expression, value)), access.Name, StepFlags.Read),
        _ => GiveUp(),
    };

    private int ReadDesignation(VariableDesignationSyntax designation, TypeName? type)
    {
        switch (designation)
        {
            case SingleVariableDesignationSyntax variable:
                var local = Declare(variable.Identifier);
                Declare(local, None, type, isInferred: type is null);
                return Add(new Step { Kind = StepKind.Local, A = local, Flags = type is null ? StepFlags.Declared : StepFlags.Written });
            case ParenthesizedVariableDesignationSyntax several:
                foreach (var variable in several.Variables)
                    ReadDesignation(variable, type: null);
                return Unknown();
            default:
                return Unknown();
        }
    }

    private void ReadDesignation(VariableDesignationSyntax designation, int value)
    {
        if (designation is SingleVariableDesignationSyntax variable)
            Declare(Declare(variable.Identifier), value, null, isInferred: true);
    }

    private int ReadCollection(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ArrayCreationExpressionSyntax array:
                ReadSizes(array.Type);
                ReadElements(array.Initializer);
                return Typed(TypeName.Of(array.Type));
            case ImplicitArrayCreationExpressionSyntax array:
                ReadElements(array.Initializer);
                return Unknown();
            case InitializerExpressionSyntax array:
                ReadElements(array);
                return Unknown();
            case StackAllocArrayCreationExpressionSyntax array:
                ReadStack(array);
                return Unknown();
            case TupleExpressionSyntax tuple:
                foreach (var part in tuple.Arguments)
                    Read(part.Expression);
                return Unknown();
            case AnonymousObjectCreationExpressionSyntax creation:
                foreach (var part in creation.Initializers)
                    Read(part.Expression);
                return Unknown();
            case CollectionExpressionSyntax collection:
                foreach (var element in collection.Elements)
                    ReadElement(element);
                return Unknown();
            case WithExpressionSyntax copy:
                var value = Read(copy.Expression);
                ReadInitializer(copy.Initializer, value);
                return value;
            default:
                return GiveUp();
        }
    }

    private void ReadElements(InitializerExpressionSyntax? initializer)
    {
        if (initializer is null)
            return;
        foreach (var element in initializer.Expressions)
            Read(element);
    }

    private void ReadSizes(ArrayTypeSyntax type)
    {
        foreach (var rank in type.RankSpecifiers)
        {
            foreach (var size in rank.Sizes)
            {
                if (size is not OmittedArraySizeExpressionSyntax)
                    Read(size);
            }
        }
    }

    private void ReadStack(StackAllocArrayCreationExpressionSyntax array)
    {
        if (array.Type is ArrayTypeSyntax type)
            ReadSizes(type);
        ReadElements(array.Initializer);
    }

    private void ReadElement(CollectionElementSyntax element)
    {
        switch (element)
        {
            case ExpressionElementSyntax single:
                Read(single.Expression);
                break;
            case SpreadElementSyntax spread:
                Add(new Step { Kind = StepKind.Enumerate, A = Read(spread.Expression) });
                break;
            default:
                _isUnclear = true;
                break;
        }
    }
}
