using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.Flow;

internal static class FlowGraphs
{
    /// <summary>The flow of one function: a method body, a local function, a lambda; null where none can be made.</summary>
    public static ControlFlowGraph? Of(IOperation function, CancellationToken cancellation)
    {
        if (function.Parent is null)
            return OfRoot(function, cancellation);
        var outer = function.Parent;
        while (outer is not (ILocalFunctionOperation or IAnonymousFunctionOperation) && outer.Parent is not null)
            outer = outer.Parent;
        if (Of(outer, cancellation) is not { } graph)
            return null;
        return function switch
        {
            ILocalFunctionOperation local when graph.LocalFunctions.Contains(local.Symbol) =>
                graph.GetLocalFunctionControlFlowGraph(local.Symbol, cancellation),
            IAnonymousFunctionOperation lambda => OfLambda(lambda, graph, cancellation),
            _ => null,
        };
    }

    private static ControlFlowGraph? OfRoot(IOperation root, CancellationToken cancellation) => root switch
    {
        IMethodBodyOperation body => ControlFlowGraph.Create(body, cancellation),
        IConstructorBodyOperation body => ControlFlowGraph.Create(body, cancellation),
        IBlockOperation body => ControlFlowGraph.Create(body, cancellation),
        IFieldInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancellation),
        IPropertyInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancellation),
        IParameterInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancellation),
        _ => null,
    };

    private static ControlFlowGraph? OfLambda(
        IAnonymousFunctionOperation lambda, ControlFlowGraph graph, CancellationToken cancellation)
    {
        var flow = graph.Blocks
            .SelectMany(static block => block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations)
            .SelectMany(static operation => operation.DescendantsAndSelf())
            .OfType<IFlowAnonymousFunctionOperation>()
            .FirstOrDefault(candidate => candidate.Syntax == lambda.Syntax);
        return flow is null ? null : graph.GetAnonymousFunctionControlFlowGraph(flow, cancellation);
    }
}
