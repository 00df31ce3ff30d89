//! What went wrong with a form: the form again with what was typed, or a page that says what happened.

use axum::response::{IntoResponse, Response};
use directory::{AdminError, HandError, LookError, ReviewError};

use super::kit::{FieldError, Page};
use crate::problem::Problem;

/// What went wrong with a form.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// Answers that cannot be read.
    Fields(Vec<FieldError>),
    /// The directory said no, or could not.
    Problem(Problem),
}

impl Wrong {
    /// The form again, with what is wrong beside the field that `fields` names for its code; what is not there at all
    /// is a page of its own.
    pub(crate) fn answer(
        self,
        fields: &[(&str, &'static str)],
        again: impl FnOnce(Vec<FieldError>) -> Page,
    ) -> Result<Response, Problem> {
        match self {
            Wrong::Fields(errors) => Ok(again(errors).into_response()),
            Wrong::Problem(problem)
                if ["not_found", "token_missing", "token_invalid"].contains(&problem.code()) =>
            {
                Err(problem)
            }
            Wrong::Problem(problem) => {
                let text = problem.detail().to_owned();
                let error = match fields.iter().find(|(code, _)| *code == problem.code()) {
                    Some((_, field)) => FieldError::at(field, text),
                    None => FieldError::whole(text),
                };
                let page = again(vec![error]);
                Ok(Page { status: problem.status(), ..page }.into_response())
            }
        }
    }
}

/// What came of a form.
pub(crate) trait OrAgain {
    /// The answer to what was done, or the form again as [`Wrong::answer`] has it.
    fn or_again(
        self,
        fields: &[(&str, &'static str)],
        again: impl FnOnce(Vec<FieldError>) -> Page,
    ) -> Result<Response, Problem>;
}

impl<A: IntoResponse> OrAgain for Result<A, Wrong> {
    fn or_again(
        self,
        fields: &[(&str, &'static str)],
        again: impl FnOnce(Vec<FieldError>) -> Page,
    ) -> Result<Response, Problem> {
        match self {
            Ok(done) => Ok(done.into_response()),
            Err(wrong) => wrong.answer(fields, again),
        }
    }
}

impl From<Vec<FieldError>> for Wrong {
    fn from(errors: Vec<FieldError>) -> Wrong {
        Wrong::Fields(errors)
    }
}

impl From<FieldError> for Wrong {
    fn from(error: FieldError) -> Wrong {
        Wrong::Fields(vec![error])
    }
}

impl From<Problem> for Wrong {
    fn from(problem: Problem) -> Wrong {
        Wrong::Problem(problem)
    }
}

macro_rules! a_problem_of {
    ($($error:ty),+) => {
        $(impl From<$error> for Wrong {
            fn from(error: $error) -> Wrong {
                Wrong::Problem(error.into())
            }
        })+
    };
}

a_problem_of!(LookError, HandError, AdminError, ReviewError);
