using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>
/// Reads the outline of a member from its syntax. It knows a good part of the language, and gives up on the rest: what
/// it does not know makes the whole member unclear.
/// </summary>
internal sealed partial class OutlineReader
{
    private const int MaxDepth = 100;
    private const int None = -1;

    // Its lists are larger than most outlines, of which a project has thousands.
    [ThreadStatic]
    private static OutlineReader? t_reader;

    private readonly List<Step> _steps = [];
    private readonly List<int> _arguments = [];

    // The innermost last; a name is looked for from the end.
    private readonly List<(string Name, int Local, bool IsParameter)> _visible = [];
    private readonly HashSet<string> _parameters = [];
    private readonly Stack<int> _conditional = new();
    private int _localCount;
    private int _functionDepth;
    private int _depth;
    private bool _isUnclear;

    public static Outline Read(SyntaxNode declaration, OutlineScope scope)
    {
        var reader = t_reader ?? new OutlineReader();
        t_reader = null;
        reader.ReadDeclaration(declaration);
        var outline = reader._isUnclear
            ? Outline.Unclear
            : new Outline(scope, reader._steps.ToArray(), reader._arguments.ToArray(), reader._localCount);
        reader.Clear();
        t_reader = reader;
        return outline;
    }

    private void Clear()
    {
        _steps.Clear();
        _arguments.Clear();
        _visible.Clear();
        _parameters.Clear();
        _conditional.Clear();
        (_localCount, _functionDepth, _depth, _isUnclear) = (0, 0, 0, false);
    }

    private void ReadDeclaration(SyntaxNode declaration)
    {
        switch (declaration)
        {
            case BaseMethodDeclarationSyntax method:
                foreach (var parameter in method.ParameterList.Parameters)
                    _parameters.Add(parameter.Identifier.ValueText);
                if (method is ConstructorDeclarationSyntax { Initializer: { } initializer })
                    ReadConstructorCall(initializer.ArgumentList, initializer.IsKind(SyntaxKind.BaseConstructorInitializer));
                ReadBody(method.Body, method.ExpressionBody);
                break;
            case AccessorDeclarationSyntax accessor:
                ReadBody(accessor.Body, accessor.ExpressionBody);
                break;
            case ArrowExpressionClauseSyntax arrow:
                ReadBody(null, arrow);
                break;
            case EqualsValueClauseSyntax value:
                ReadReturned(value.Value);
                break;
            // A primary constructor, which has nothing but the arguments of its base's, and a property of a record.
            case TypeDeclarationSyntax type:
                if (type.BaseList?.Types.FirstOrDefault() is PrimaryConstructorBaseTypeSyntax { ArgumentList: var arguments })
                    ReadConstructorCall(arguments, isBase: true);
                break;
            case ParameterSyntax:
                break;
            default:
                _isUnclear = true;
                break;
        }
    }

    private void ReadConstructorCall(ArgumentListSyntax arguments, bool isBase)
    {
        var (start, count) = ReadArguments(arguments.Arguments);
        Add(new Step { Kind = StepKind.ConstructorCall, A = isBase ? 1 : 0, ArgumentStart = start, ArgumentCount = count });
    }

    private void ReadBody(BlockSyntax? block, ArrowExpressionClauseSyntax? arrow)
    {
        if (block is not null)
            Read(block);
        else if (arrow is not null)
            ReadReturned(arrow.Expression);
    }

    private void ReadReturned(ExpressionSyntax value)
    {
        // Of a lambda or a local function it is another type.
        if (value is ImplicitObjectCreationExpressionSyntax creation && _functionDepth == 0)
            ReadTargetCreation(creation, None, null, StepFlags.IsReturn);
        else
            Read(value);
    }

    private void Read(SyntaxList<StatementSyntax> statements)
    {
        // They may be called before they are written.
        foreach (var statement in statements)
        {
            if (statement is LocalFunctionStatementSyntax function)
                Declare(function.Identifier);
        }

        foreach (var statement in statements)
            Read(statement);
    }

    // What it declares is not seen behind it, as it has no block around it.
    private void ReadEmbedded(StatementSyntax statement)
    {
        var scope = _visible.Count;
        Read(statement);
        Leave(scope);
    }

    private void Read(StatementSyntax statement)
    {
        if (_isUnclear || ++_depth > MaxDepth)
        {
            _isUnclear = true;
            return;
        }

        ReadStatement(statement);
        _depth--;
    }

    private void ReadStatement(StatementSyntax statement)
    {
        var scope = _visible.Count;
        switch (statement)
        {
            case BlockSyntax block:
                Read(block.Statements);
                break;
            case LocalDeclarationStatementSyntax declaration:
                ReadDeclaration(declaration);
                return;
            case ExpressionStatementSyntax expression:
                Read(expression.Expression);
                return;
            case IfStatementSyntax conditional:
                Read(conditional.Condition);
                ReadEmbedded(conditional.Statement);
                if (conditional.Else is { } other)
                    ReadEmbedded(other.Statement);
                // What a condition declares may be used behind a statement that leaves.
                return;
            case ReturnStatementSyntax { Expression: { } value }:
                ReadReturned(value);
                return;
            case ReturnStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or EmptyStatementSyntax:
                return;
            case ThrowStatementSyntax thrown:
                if (thrown.Expression is not null)
                    Read(thrown.Expression);
                return;
            case YieldStatementSyntax yield:
                if (yield.Expression is not null)
                    Read(yield.Expression);
                return;
            case ForEachStatementSyntax loop:
                ReadForEach(loop);
                break;
            case ForStatementSyntax loop:
                ReadFor(loop);
                break;
            case WhileStatementSyntax loop:
                _isUnclear |= !Ends(loop, loop.Condition, loop.Statement);
                Read(loop.Condition);
                Read(loop.Statement);
                break;
            case DoStatementSyntax loop:
                _isUnclear |= !Ends(loop, loop.Condition, loop.Statement);
                ReadEmbedded(loop.Statement);
                Read(loop.Condition);
                break;
            case TryStatementSyntax attempt:
                ReadTry(attempt);
                break;
            case SwitchStatementSyntax choice:
                ReadSwitch(choice);
                break;
            case UsingStatementSyntax resource:
                ReadUsing(resource);
                break;
            case CheckedStatementSyntax block:
                Read(block.Block);
                break;
            case LocalFunctionStatementSyntax function:
                ReadLocalFunction(function);
                return;
            default:
                _isUnclear = true;
                return;
        }

        Leave(scope);
    }

    private void Leave(int scope) => _visible.RemoveRange(scope, _visible.Count - scope);

    private void ReadDeclaration(LocalDeclarationStatementSyntax statement)
    {
        if (statement.UsingKeyword.IsKind(SyntaxKind.None))
            ReadVariables(statement.Declaration);
        else
            ReadResources(statement.Declaration, isAwait: !statement.AwaitKeyword.IsKind(SyntaxKind.None));
    }

    private void ReadVariables(VariableDeclarationSyntax declaration)
    {
        foreach (var variable in declaration.Variables)
            ReadVariable(declaration.Type, variable);
    }

    private int ReadVariable(TypeSyntax written, VariableDeclaratorSyntax variable)
    {
        if (written is RefTypeSyntax { Type: var referred })
            written = referred;
        var type = TypeName.Of(written);
        var value = None;
        if (variable.Initializer is { Value: var initializer })
        {
            value = initializer is ImplicitObjectCreationExpressionSyntax creation
                ? ReadTargetCreation(creation, None, type, StepFlags.None)
                : Read(initializer);
        }

        var local = Declare(variable.Identifier);
        Declare(local, value, type, isInferred: written.IsVar);
        return local;
    }

    private void ReadResources(VariableDeclarationSyntax declaration, bool isAwait)
    {
        foreach (var variable in declaration.Variables)
        {
            var local = ReadVariable(declaration.Type, variable);
            AddUsing(Add(new Step { Kind = StepKind.Local, A = local }), isAwait);
        }
    }

    private void ReadUsing(UsingStatementSyntax resource)
    {
        var isAwait = !resource.AwaitKeyword.IsKind(SyntaxKind.None);
        if (resource.Declaration is { } declaration)
            ReadResources(declaration, isAwait);
        else if (resource.Expression is { } expression)
            AddUsing(Read(expression), isAwait);
        Read(resource.Statement);
    }

    private void AddUsing(int value, bool isAwait) =>
        Add(new Step { Kind = StepKind.Using, A = value, Flags = isAwait ? StepFlags.IsAwait : StepFlags.None });

    private void ReadForEach(ForEachStatementSyntax loop)
    {
        var isAwait = !loop.AwaitKeyword.IsKind(SyntaxKind.None);
        var element = Add(new Step
        {
            Kind = StepKind.Enumerate,
            A = Read(loop.Expression),
            Flags = isAwait ? StepFlags.IsAwait : StepFlags.None,
        });
        var type = loop.Type is RefTypeSyntax { Type: var referred } ? referred : loop.Type;
        Declare(Declare(loop.Identifier), element, TypeName.Of(type), type.IsVar);
        Read(loop.Statement);
    }

    private bool Ends(StatementSyntax loop, ExpressionSyntax? condition, StatementSyntax body) => LoopShape.Ends(
        loop, condition, body, name => IsLocal(name), name => _parameters.Contains(name) || Find(name) is not null);

    private bool IsLocal(string name)
    {
        var index = _visible.FindLastIndex(known => known.Name == name);
        return index >= 0 && !_visible[index].IsParameter;
    }

    private void ReadFor(ForStatementSyntax loop)
    {
        if (loop.Declaration is not null)
            ReadVariables(loop.Declaration);
        _isUnclear |= !Ends(loop, loop.Condition, loop.Statement);
        foreach (var initializer in loop.Initializers)
            Read(initializer);
        if (loop.Condition is not null)
            Read(loop.Condition);
        ReadEmbedded(loop.Statement);
        foreach (var incrementor in loop.Incrementors)
            Read(incrementor);
    }

    private void ReadTry(TryStatementSyntax attempt)
    {
        Read(attempt.Block);
        foreach (var handler in attempt.Catches)
        {
            var scope = _visible.Count;
            if (handler.Declaration is { } declaration && !declaration.Identifier.IsKind(SyntaxKind.None))
                Declare(Declare(declaration.Identifier), None, TypeName.Of(declaration.Type), isInferred: false);
            if (handler.Filter is { } filter)
                Read(filter.FilterExpression);
            Read(handler.Block);
            Leave(scope);
        }

        if (attempt.Finally is { } last)
            Read(last.Block);
    }

    private void ReadSwitch(SwitchStatementSyntax choice)
    {
        var value = Read(choice.Expression);
        // They may be called by the sections before them.
        foreach (var function in choice.Sections.SelectMany(static section => section.Statements).OfType<LocalFunctionStatementSyntax>())
            Declare(function.Identifier);
        foreach (var section in choice.Sections)
        {
            var first = _visible.Count;
            foreach (var label in section.Labels)
            {
                switch (label)
                {
                    case CaseSwitchLabelSyntax constant:
                        Read(constant.Value);
                        break;
                    case CasePatternSwitchLabelSyntax pattern:
                        ReadPattern(pattern.Pattern, value);
                        if (pattern.WhenClause is { } guard)
                            Read(guard.Condition);
                        break;
                }
            }

            // Locals of a section are seen by those behind it, but not what its patterns declare.
            var count = _visible.Count - first;
            Read(section.Statements);
            _visible.RemoveRange(first, count);
        }
    }

    private void ReadLocalFunction(LocalFunctionStatementSyntax function)
    {
        // Contracts and type parameters are for the compiler to read.
        _isUnclear |= function.AttributeLists.Count > 0 || function.TypeParameterList is not null;
        Declare(Find(function.Identifier.ValueText) ?? Declare(function.Identifier), None, TypeName.Of(function.ReturnType), isInferred: false);
        var scope = _visible.Count;
        ReadParameters(function.ParameterList.Parameters);
        _functionDepth++;
        if (function.Body is { } block)
            Read(block);
        else if (function.ExpressionBody is { } arrow)
            Read(arrow.Expression);
        _functionDepth--;
        Leave(scope);
    }

    private void ReadParameters(SeparatedSyntaxList<ParameterSyntax> parameters)
    {
        foreach (var parameter in parameters)
        {
            var local = Declare(parameter.Identifier, isParameter: true);
            if (parameter.Type is { } type)
                Declare(local, None, TypeName.Of(type), isInferred: false);
        }
    }

    private int Add(in Step step)
    {
        _steps.Add(step);
        return _steps.Count - 1;
    }

    private int Unknown() => Add(new Step { Kind = StepKind.Unknown });

    private int Typed(TypeName? type) => type is null ? Unknown() : Add(new Step { Kind = StepKind.Typed, Type = type });

    private int Declare(SyntaxToken name, bool isParameter = false)
    {
        _visible.Add((name.ValueText, _localCount, isParameter));
        return _localCount++;
    }

    private void Declare(int local, int value, TypeName? type, bool isInferred) => Add(new Step
    {
        Kind = StepKind.Declare,
        A = local,
        B = value,
        Type = type,
        Flags = isInferred ? StepFlags.Read : StepFlags.None,
    });

    private int? Find(string name)
    {
        for (var i = _visible.Count - 1; i >= 0; i--)
        {
            if (_visible[i].Name == name)
                return _visible[i].Local;
        }

        return null;
    }
}
