using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IoPool.Analyzers.Blocking.Outlines;

/// <summary>Operators as a user's type declares them.</summary>
internal static class Operators
{
    /// <summary>Stands for operators that are called where nothing is written: true, false, compound assignments.</summary>
    public const string Rare = "op_";

    /// <summary>Stands for all conversions.</summary>
    public const string Conversion = "op_Conversion";

    /// <summary>The same name for a declaration, checked or not.</summary>
    public static string NameOf(OperatorDeclarationSyntax declaration)
    {
        // An increment of the object itself.
        if (declaration.ParameterList.Parameters.Count == 0)
            return Rare;
        var isUnary = declaration.ParameterList.Parameters.Count == 1;
        return declaration.OperatorToken.Kind() switch
        {
            SyntaxKind.PlusToken => isUnary ? WellKnownMemberNames.UnaryPlusOperatorName : WellKnownMemberNames.AdditionOperatorName,
            SyntaxKind.MinusToken => isUnary ? WellKnownMemberNames.UnaryNegationOperatorName : WellKnownMemberNames.SubtractionOperatorName,
            SyntaxKind.AsteriskToken => WellKnownMemberNames.MultiplyOperatorName,
            SyntaxKind.SlashToken => WellKnownMemberNames.DivisionOperatorName,
            SyntaxKind.PercentToken => WellKnownMemberNames.ModulusOperatorName,
            SyntaxKind.AmpersandToken => WellKnownMemberNames.BitwiseAndOperatorName,
            SyntaxKind.BarToken => WellKnownMemberNames.BitwiseOrOperatorName,
            SyntaxKind.CaretToken => WellKnownMemberNames.ExclusiveOrOperatorName,
            SyntaxKind.LessThanLessThanToken => WellKnownMemberNames.LeftShiftOperatorName,
            SyntaxKind.GreaterThanGreaterThanToken => WellKnownMemberNames.RightShiftOperatorName,
            SyntaxKind.GreaterThanGreaterThanGreaterThanToken => WellKnownMemberNames.UnsignedRightShiftOperatorName,
            SyntaxKind.EqualsEqualsToken => WellKnownMemberNames.EqualityOperatorName,
            SyntaxKind.ExclamationEqualsToken => WellKnownMemberNames.InequalityOperatorName,
            SyntaxKind.LessThanToken => WellKnownMemberNames.LessThanOperatorName,
            SyntaxKind.LessThanEqualsToken => WellKnownMemberNames.LessThanOrEqualOperatorName,
            SyntaxKind.GreaterThanToken => WellKnownMemberNames.GreaterThanOperatorName,
            SyntaxKind.GreaterThanEqualsToken => WellKnownMemberNames.GreaterThanOrEqualOperatorName,
            SyntaxKind.ExclamationToken => WellKnownMemberNames.LogicalNotOperatorName,
            SyntaxKind.TildeToken => WellKnownMemberNames.OnesComplementOperatorName,
            SyntaxKind.PlusPlusToken => WellKnownMemberNames.IncrementOperatorName,
            SyntaxKind.MinusMinusToken => WellKnownMemberNames.DecrementOperatorName,
            _ => Rare,
        };
    }

    /// <summary>The name of the member that an operator calls, where a type has one; null for what is no such operator.</summary>
    public static string? NameOf(SyntaxKind expression) => expression switch
    {
        SyntaxKind.AddExpression or SyntaxKind.AddAssignmentExpression => WellKnownMemberNames.AdditionOperatorName,
        SyntaxKind.SubtractExpression or SyntaxKind.SubtractAssignmentExpression => WellKnownMemberNames.SubtractionOperatorName,
        SyntaxKind.MultiplyExpression or SyntaxKind.MultiplyAssignmentExpression => WellKnownMemberNames.MultiplyOperatorName,
        SyntaxKind.DivideExpression or SyntaxKind.DivideAssignmentExpression => WellKnownMemberNames.DivisionOperatorName,
        SyntaxKind.ModuloExpression or SyntaxKind.ModuloAssignmentExpression => WellKnownMemberNames.ModulusOperatorName,
        SyntaxKind.BitwiseAndExpression or SyntaxKind.AndAssignmentExpression => WellKnownMemberNames.BitwiseAndOperatorName,
        SyntaxKind.BitwiseOrExpression or SyntaxKind.OrAssignmentExpression => WellKnownMemberNames.BitwiseOrOperatorName,
        SyntaxKind.ExclusiveOrExpression or SyntaxKind.ExclusiveOrAssignmentExpression => WellKnownMemberNames.ExclusiveOrOperatorName,
        SyntaxKind.LogicalAndExpression => WellKnownMemberNames.BitwiseAndOperatorName,
        SyntaxKind.LogicalOrExpression => WellKnownMemberNames.BitwiseOrOperatorName,
        SyntaxKind.LeftShiftExpression or SyntaxKind.LeftShiftAssignmentExpression => WellKnownMemberNames.LeftShiftOperatorName,
        SyntaxKind.RightShiftExpression or SyntaxKind.RightShiftAssignmentExpression => WellKnownMemberNames.RightShiftOperatorName,
        SyntaxKind.UnsignedRightShiftExpression or SyntaxKind.UnsignedRightShiftAssignmentExpression =>
            WellKnownMemberNames.UnsignedRightShiftOperatorName,
        SyntaxKind.EqualsExpression => WellKnownMemberNames.EqualityOperatorName,
        SyntaxKind.NotEqualsExpression => WellKnownMemberNames.InequalityOperatorName,
        SyntaxKind.LessThanExpression => WellKnownMemberNames.LessThanOperatorName,
        SyntaxKind.LessThanOrEqualExpression => WellKnownMemberNames.LessThanOrEqualOperatorName,
        SyntaxKind.GreaterThanExpression => WellKnownMemberNames.GreaterThanOperatorName,
        SyntaxKind.GreaterThanOrEqualExpression => WellKnownMemberNames.GreaterThanOrEqualOperatorName,
        SyntaxKind.UnaryMinusExpression => WellKnownMemberNames.UnaryNegationOperatorName,
        SyntaxKind.UnaryPlusExpression => WellKnownMemberNames.UnaryPlusOperatorName,
        SyntaxKind.LogicalNotExpression => WellKnownMemberNames.LogicalNotOperatorName,
        SyntaxKind.BitwiseNotExpression => WellKnownMemberNames.OnesComplementOperatorName,
        SyntaxKind.PreIncrementExpression or SyntaxKind.PostIncrementExpression => WellKnownMemberNames.IncrementOperatorName,
        SyntaxKind.PreDecrementExpression or SyntaxKind.PostDecrementExpression => WellKnownMemberNames.DecrementOperatorName,
        _ => null,
    };
}
