using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.Blocking.Evidence;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Affinity;

/// <summary>IOP2003: loop-owned objects in delegates that another thread runs, in whatever code.</summary>
internal static class HandOver
{
    public static void AnalyzeCall(SyntaxNodeAnalysisContext context)
    {
        var syntax = (InvocationExpressionSyntax)context.Node;
        if (syntax.ArgumentList.Arguments.Count == 0
            || Names.NameOf(syntax.Expression) is not { } name
            || !ForeignThreads.MayRunElsewhere(name)
            || context.SemanticModel.FindOperation(syntax, context.CancellationToken) is not IInvocationOperation call
            || ForeignThreads.Describe(call, context.SemanticModel, context.CancellationToken) is not { } where)
        {
            return;
        }

        AnalyzeArguments(call.Arguments, where, LoopOf(call), context);
    }

    public static void AnalyzeCreation(SyntaxNodeAnalysisContext context)
    {
        var syntax = (BaseObjectCreationExpressionSyntax)context.Node;
        if (syntax.ArgumentList is not { Arguments.Count: > 0 }
            || !MayStartThread(syntax)
            || context.SemanticModel.FindOperation(syntax, context.CancellationToken)
                is not IObjectCreationOperation { Type: { } type } creation
            || !(KnownTypes.IsInThreading(type, "Thread") || KnownTypes.IsInThreading(type, "Timer")))
        {
            return;
        }

        AnalyzeArguments(creation.Arguments, type.Name, loop: null, context);
    }

    // System.Timers.Timer raises its event on the pool.
    public static void AnalyzeEvent(SyntaxNodeAnalysisContext context)
    {
        var syntax = (AssignmentExpressionSyntax)context.Node;
        if (Names.NameOf(syntax.Left) != "Elapsed"
            || context.SemanticModel.FindOperation(syntax, context.CancellationToken) is not IEventAssignmentOperation
            {
                EventReference: IEventReferenceOperation { Event.ContainingType: { Name: "Timer" } type },
            } assignment
            || type.ContainingNamespace.Name != "Timers")
        {
            return;
        }

        if (Delegates.FunctionOf(assignment.HandlerValue) is { } handler)
            AnalyzeFunction(handler, assignment.HandlerValue.Syntax, "Timer.Elapsed", loop: null, context);
    }

    // Of new() where a type is written nearby; otherwise what it is given may be a delegate.
    private static bool MayStartThread(BaseObjectCreationExpressionSyntax creation)
    {
        var type = creation is ObjectCreationExpressionSyntax { Type: var written } ? written : creation.Parent?.Parent switch
        {
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => declaration.Type,
            PropertyDeclarationSyntax property => property.Type,
            _ => null,
        };
        if (type is NullableTypeSyntax nullable)
            type = nullable.ElementType;
        return type is not null
            ? Names.NameOf(type) is "Thread" or "Timer"
            : creation.ArgumentList!.Arguments[0].Expression
                is AnonymousFunctionExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax;
    }

    private static void AnalyzeArguments(
        IEnumerable<IArgumentOperation> arguments, string where, SyntaxNode? loop, SyntaxNodeAnalysisContext context)
    {
        foreach (var argument in arguments)
        {
            if (FunctionOf(argument.Value) is { } function)
                AnalyzeFunction(function, argument.Value.Syntax, where, loop, context);
            else if (argument.ArgumentKind == ArgumentKind.Explicit)
                AnalyzeState(argument.Value, where, loop, context);
        }
    }

    // Written in place, kept in a local, or a local function.
    private static IOperation? FunctionOf(IOperation value)
    {
        var function = Delegates.FunctionOf(value)
            ?? (LocalValues.Resolve(value) is { } kept ? Delegates.FunctionOf(kept) : null);
        return function is IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } local }
            ? LocalValues.Of(value).FunctionOf(local) ?? function
            : function;
    }

    private static void AnalyzeFunction(
        IOperation function, SyntaxNode passed, string where, SyntaxNode? loop, SyntaxNodeAnalysisContext context)
    {
        switch (function)
        {
            case IAnonymousFunctionOperation lambda:
                foreach (var use in CapturedUses.Of(lambda, lambda.Body))
                    Report(use, where, loop, context);
                break;
            case ILocalFunctionOperation { Body: { } body } local:
                // Where it is handed over: the function itself may be fine for others that call it.
                foreach (var use in CapturedUses.Of(local, body))
                {
                    if (Report(use, where, loop, context, passed))
                        break;
                }

                break;
            case IMethodReferenceOperation { Instance: { } instance } reference
                when KnownTypes.IsLoopOwned(instance.Type) && reference.Method.Name != "DisposeAsync":
                Report(instance.IsImplicit ? reference : Values.Strip(instance), where, loop, context);
                break;
        }
    }

    private static void AnalyzeState(IOperation value, string where, SyntaxNode? loop, SyntaxNodeAnalysisContext context)
    {
        value = Values.Strip(value);
        if (value is ITupleOperation tuple)
        {
            foreach (var element in tuple.Elements)
                AnalyzeState(element, where, loop, context);
        }
        else if (KnownTypes.IsLoopOwned(value.Type))
        {
            Report(value, where, loop, context);
        }
    }

    private static bool Report(
        IOperation use, string where, SyntaxNode? loop, SyntaxNodeAnalysisContext context, SyntaxNode? passed = null)
    {
        // Made here and now, it belongs to no loop yet: this is how it gets to one.
        if (loop is not null && (IsFresh(use, context) || CameFrom(loop, use, context)))
            return false;
        var token = use.Syntax.GetFirstToken();
        var name = use is IInstanceReferenceOperation ? "this" : use.Syntax.ToString();
        context.ReportDiagnostic(passed is null
            ? Diagnostic.Create(AffinityRules.CapturedByOtherThread, token.GetLocation(), name, where)
            : Diagnostic.Create(AffinityRules.CapturedByOtherThread, passed.GetLocation(), [token.GetLocation()], name, where));
        return true;
    }

    // The loop that the delegate goes to, as it is written; null where it goes to no loop.
    private static SyntaxNode? LoopOf(IInvocationOperation call) =>
        ForeignThreads.IsLoop(call) ? call.Instance?.Syntax ?? call.Syntax : null;

    // var listener = await group[0].RunAsync(...); group[0].Post(() => listener...): the very loop that it came from.
    private static bool CameFrom(SyntaxNode loop, IOperation use, SyntaxNodeAnalysisContext context) =>
        use is ILocalReferenceOperation local
        && Values.InitializerOf(local.Local, context.SemanticModel, context.CancellationToken) is { } value
        // A group chooses another one every time.
        && !KnownTypes.IsEventLoopGroup(context.SemanticModel.GetTypeInfo(loop, context.CancellationToken).Type)
        && value.Syntax.DescendantNodes().Any(node => SyntaxFactory.AreEquivalent(node, loop));

    private static bool IsFresh(IOperation use, SyntaxNodeAnalysisContext context) => use switch
    {
        IObjectCreationOperation => true,
        ILocalReferenceOperation local =>
            Values.InitializerOf(local.Local, context.SemanticModel, context.CancellationToken) is { } value
            && Values.Strip(value) is IObjectCreationOperation,
        // A static method hands over nothing of its own; a constructor or Start of an owned type may start itself.
        IInstanceReferenceOperation => true,
        { IsImplicit: true } => true,
        IMethodReferenceOperation => true,
        _ => false,
    };
}
